"""The exception tree.

    CoachError                  anything the coach raises on purpose
    ├── InputError              bad usage or input: show the text to the user, exit code 2
    │   ├── TranscriptError     a call that can't be read
    │   └── KnowledgeError      a rule, clause, phrase or standard file that can't be used
    └── ServiceError            a service the command needs did not answer, exit code 3
        └── ModelFailure        a language model did not answer, or not usably; the built-in coach takes over

Every message is one line of Chinese that says what is wrong, where, and what to do.
"""

from __future__ import annotations

__all__ = ["CoachError", "InputError", "KnowledgeError", "ModelFailure", "ServiceError", "TranscriptError"]


class CoachError(Exception):
    """Base of every error the coach raises; `str()` is what a user may read.

    Args:
        what: What is wrong, in Chinese, without a final full stop.
        where: File, line or field it is about; empty when there is none.
        hint: What the user can do about it; empty when there is nothing.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}：{self.what}" if self.where else self.what
        return f"{head}。{self.hint}" if self.hint else f"{head}。"


class InputError(CoachError):
    """Bad usage or bad input."""


class TranscriptError(InputError):
    """A call that can't be read."""


class KnowledgeError(InputError):
    """A knowledge file (rule, clause, phrase, standard) that can't be used."""


class ServiceError(CoachError):
    """A service the command needs did not answer."""

    exit_code = 3


class ModelFailure(ServiceError):  # noqa: N818 - what it is, not what it is called in Python
    """A language model did not answer, or not usably.

    Args:
        what: As for every CoachError.
        kind: timeout, refused, unauthorised, not_found, limited, server, unsupported, cut, empty, invalid, loop, too_long,
            no_tools, unchecked or over_budget.
        retry_after: Seconds the service asked to wait, if it did.
    """

    def __init__(self, what: str, *, kind: str, retry_after: float | None = None) -> None:
        self.kind = kind
        self.retry_after = retry_after
        super().__init__(what, where="语言模型", hint="这次由内置教练代答")
