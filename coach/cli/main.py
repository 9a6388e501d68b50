"""Puts the commands together and turns every error into one line on stderr and an exit code.

Exit codes: 0 done; 1 findings at or above --fail-on; 2 bad usage or input; 3 a service did not answer.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from coach import __version__
from coach.cli import ask, critique, doctor, history, listings, mock, rewrite, scenarios, serve, serve_model, standards
from coach.errors import CoachError, InputError
from coach.settings import Settings

__all__ = ["app", "guarded", "run"]

_USAGE_ERROR = 2
_INTERRUPTED = 130
_WRONG_VALUES = {
    "float_parsing": "应当是数字",
    "bool_parsing": "应当是 true 或 false",
    "greater_than": "应当大于 {gt:g}",
    "less_than_equal": "不能超过 {le:g}",
}

app = typer.Typer(
    name="coach",
    help="三声：接电话的人的礼仪教练。逐句点评通话，给出核对过的改写；不需要模型、密钥和网络。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
critique.register(app)
rewrite.register(app)
ask.register(app)
listings.register(app)
standards.register(app)
scenarios.register(app)
mock.register(app)
history.register(app)
serve.register(app)
serve_model.register(app)
doctor.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"coach {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="显示版本号"),
) -> None:
    """Holds the options of the program as a whole."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits with its code."""
    sys.exit(guarded(app, arguments, "coach"))


def guarded(app: typer.Typer, arguments: Sequence[str] | None, name: str) -> int:
    """Runs `app`, called `name`, and gives its exit code; every error becomes one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except CoachError as error:
        return _fail(str(error), error.exit_code)
    except TyperException as error:
        return _fail(f"命令写得不对：{error.format_message()} 用 {name} --help 查看用法。", _USAGE_ERROR)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("已中断。", _INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if isinstance(error, ValidationError) and error.title == Settings.__name__:
            return _fail(str(_bad_setting(error)), _USAGE_ERROR)
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        return _fail(f"程序出错（{type(error).__name__}）。请把所用的命令报告给维护者；输入没有被改动。", _USAGE_ERROR)
    return code if isinstance(code, int) else 0


def _bad_setting(error: ValidationError) -> InputError:
    """Which setting is wrong, without its value: that may be a key."""
    first = error.errors(include_url=False, include_input=False)[0]
    what = _WRONG_VALUES.get(first["type"], "写得不对").format(**first.get("ctx", {}))
    return InputError(what, where=f"COACH_{str(first['loc'][0]).upper()}", hint="请改环境变量或 .env，见 .env.example")


def _fail(message: str, code: int) -> int:
    typer.echo(" ".join(message.split("\n")), err=True)
    return code


if __name__ == "__main__":
    run()
