"""The web event boundary: an event handler's error becomes one line beside the field, and everything typed stays."""

from __future__ import annotations

import functools
import html
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec

import regex

from coach.errors import CoachError

__all__ = ["Updates", "for_browser", "guarded", "guarded_steps", "message", "note"]

Updates = dict[Any, Any]
"""Component → its new value or update; components left out stay as they are."""

_P = ParamSpec("_P")
_LOG = logging.getLogger(__name__)

_UNEXPECTED = "程序出了意外，这次没有结果。您输入的内容还在，可以再试一次；若仍不行，请把用到的文件和步骤告诉维护者。"
_FIELDS = {
    "--agent": "“坐席标签”",
    "--rings": "“铃响次数”",
    "--direction": "“方向”",
    "--hangup": "“谁先挂机”",
    "--line": "“选择要改写的一句”",
    "--standard": "“规范”",
}
_OPTION = regex.compile(" ?(" + "|".join(_FIELDS) + ") ?")


def for_browser(text: str) -> str:
    """`text` with the command line's options named as the page's fields."""
    return _OPTION.sub(lambda match: _FIELDS[match[1]], text)


def message(text: str) -> str:
    """`text` as an error line, read out by screen readers."""
    return f'<p class="ss-message" role="alert">{html.escape(for_browser(text))}</p>'


def note(text: str) -> str:
    """`text` as a line that tells something good or neutral."""
    return f'<p class="ss-note" role="status">{html.escape(for_browser(text))}</p>'


def guarded(
    beside: object, also: Callable[[], Updates] | None = None, fields: Mapping[str, object] | None = None
) -> Callable[[Callable[_P, Updates]], Callable[_P, Updates]]:
    """Decorates an event handler: its errors are shown in the component `beside`.

    Args:
        beside: An HTML component next to the field the handler reads.
        also: Further updates to make when the handler fails.
        fields: Where an error is about one of these (`where`), the component next to it, instead of `beside`.
    """

    def decorate(handler: Callable[_P, Updates]) -> Callable[_P, Updates]:
        @functools.wraps(handler)
        def safe(*args: _P.args, **kwargs: _P.kwargs) -> Updates:
            place = beside
            try:
                return handler(*args, **kwargs)
            except CoachError as error:
                text = str(error)
                place = (fields or {}).get(error.where, beside)
            except Exception as error:  # noqa: BLE001 - the web event boundary; the type only, never what was said
                _LOG.error("web event %s failed: %s", handler.__name__, type(error).__name__)
                text = _UNEXPECTED
            return {**(also() if also else {}), place: message(text)}

        return safe

    return decorate


def guarded_steps(
    beside: object, also: Callable[[], Updates] | None = None
) -> Callable[[Callable[_P, Iterator[Updates]]], Callable[_P, Iterator[Updates]]]:
    """`guarded` for a handler that shows something on its way to the result: each step is guarded, an error ends it."""

    def decorate(handler: Callable[_P, Iterator[Updates]]) -> Callable[_P, Iterator[Updates]]:
        @functools.wraps(handler)
        def safe(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[Updates]:
            steps = handler(*args, **kwargs)

            def step() -> Updates:
                return next(steps, {})

            step.__name__ = handler.__name__
            one = guarded(beside, also)(step)
            while updates := one():
                yield updates

        return safe

    return decorate
