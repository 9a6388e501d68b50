"""What went wrong with a model, told in one quiet line; which failures are worth another try, and after how long."""

from __future__ import annotations

import random
from email.utils import parsedate_to_datetime
from time import time

import httpx
import openai
from langchain_core.exceptions import OutputParserException
from openai import OpenAIError

from coach.errors import ModelFailure

__all__ = ["MODEL_ERRORS", "RETRIES", "again", "failure", "failure_of", "pause_before"]

RETRIES = 2
"""Further tries after the first."""

_LONGEST_PAUSE = 8.0
_FIRST_PAUSE = 0.5
_BROKEN_OFF = frozenset({"RemoteProtocolError", "ReadError"})
"""What HTTP clients call a connection that broke off; by name, since openai 2 speaks through httpx and openai 3 through httpx2."""
_PASSING = frozenset({"limited", "server", "refused", "cut", "empty"})
_TEXTS = {
    "timeout": "模型太久没有回应",
    "refused": "连不上模型",
    "unauthorised": "模型服务不认这个密钥",
    "not_found": "模型服务上没有这个模型或地址",
    "limited": "模型服务说请求太多",
    "server": "模型服务出了错",
    "unsupported": "模型服务不接受这样的请求",
    "cut": "模型说到一半断了",
    "empty": "模型什么也没说",
    "invalid": "模型的回答读不懂",
    "loop": "模型一直重复同一句话",
    "too_long": "模型说个没完",
    "no_tools": "模型不会用工具",
    "unchecked": "模型的回答没有一句通过核对",
}

MODEL_ERRORS: tuple[type[Exception], ...] = (ModelFailure, OpenAIError, httpx.HTTPError, OutputParserException)
"""What a call to a model may raise; anything else is a fault of ours."""


def failure(kind: str, retry_after: float | None = None) -> ModelFailure:
    """A failure of `kind`, worded for users."""
    return ModelFailure(_TEXTS[kind], kind=kind, retry_after=retry_after)


def failure_of(error: BaseException) -> ModelFailure:
    """`error`, raised by a call to a model, as a ModelFailure."""
    match error:
        case ModelFailure():
            return error
        case openai.APITimeoutError() | httpx.TimeoutException():
            return failure("timeout")
        case openai.APIResponseValidationError():
            return failure("invalid")
        case openai.APIStatusError():
            return _of_status(error)
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return failure("cut")
        case openai.APIConnectionError() if _broke_off(error):
            return failure("cut")
        case openai.APIConnectionError() | httpx.HTTPError():
            return failure("refused")
        case openai.APIError():  # told in the stream, after a status of 200
            return failure("server")
        case _:
            return failure("invalid")


def pause_before(attempt: int, cause: ModelFailure, chance: random.Random) -> float | None:
    """Seconds to wait before try number `attempt` (2 is the first again); None where another try makes no sense.

    What the service asks for (Retry-After) is kept to; where it asks for more than a user would wait, there is no other try.
    """
    if attempt > RETRIES + 1 or cause.kind not in _PASSING:
        return None
    if cause.retry_after is not None:
        return None if cause.retry_after > _LONGEST_PAUSE else cause.retry_after + chance.uniform(0, 0.25)
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 2)) * chance.uniform(0.5, 1.0)


def again(attempt: int, cause: ModelFailure, pause: float) -> str:
    """What is told before try number `attempt`, `pause` seconds away."""
    return f"{cause.what}，{'马上' if pause < 1 else f'{pause:.0f} 秒后'}第 {attempt} 次请求"


def _broke_off(error: BaseException | None) -> bool:
    """Whether the HTTP client's error, which the SDK and LangChain each wrap in one of their own, says so."""
    while error is not None:
        if type(error).__name__ in _BROKEN_OFF:
            return True
        error = error.__cause__
    return False


def _of_status(error: openai.APIStatusError) -> ModelFailure:
    code = error.status_code
    if code in {401, 403}:
        return failure("unauthorised")
    if code == 404:
        return failure("not_found")
    if code == 408:
        return failure("timeout")
    retry_after = _retry_after(error.response.headers.get("retry-after"))
    if code == 429:
        return failure("limited", retry_after)
    return failure("server", retry_after) if code >= 500 else failure("unsupported")


def _retry_after(value: str | None) -> float | None:
    """Seconds, from a header that gives seconds or a date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
