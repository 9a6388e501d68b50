"""A mock call typed live: the customer's words and mood are shown as it goes on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from coach.cli.mock_play import spoken
from coach.errors import InputError

if TYPE_CHECKING:
    from coach.roleplay import CallTurn, MockCall, Player, Setup
    from coach.roleplay.player import Wording

__all__ = ["Keep", "Live"]

_PROMPT = "坐席> "
_BACK, _HELP = "/重来", "/帮助"
_HOW = (
    "一行说一句。“/等候 话”“/转接 话”：请客户等候、转接，同时说这句话；“/重来”：退回您的上一句；"
    "“/挂机”或 Ctrl-D：挂断；“/帮助”：再看这段说明。"
)

Keep = Callable[["MockCall", "MockCall"], None]
"""Keeps what a step added to a call, before it is shown: the call before it and after it."""


@dataclass(frozen=True)
class Live:
    """Plays calls with whoever types.

    Attributes:
        player: Plays the customer.
        wording: Words the customer's turns otherwise.
        hints: Rule id → name: findings are shown after each line; None leaves them for the end.
        aside: Whether all is shown on standard error, since something else goes to standard output.
        keep: Keeps each step.
    """

    player: Player
    wording: Wording | None = None
    hints: Mapping[str, str] | None = None
    aside: bool = False
    keep: Keep | None = None

    def play(self, setup: Setup) -> MockCall:
        """The call, played to its end."""
        from coach.reports.mock_text import business_text

        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - arrow keys and history at the prompt
        call = self.player.begin(setup)
        self._show(f"{business_text(setup.scenario)}\n{_HOW}\n")
        self._show("电话通了。" if call.turns else "电话响了，您接了起来，请先开口。")
        self._show_turns(call.turns)
        while call.outcome is None:
            typed = self._typed()
            if typed is not None and not typed.strip():
                continue
            try:
                after = self.player.finish(call) if typed is None else self._after(call, typed.strip())
            except InputError as error:
                self._show(str(error))
                continue
            if self.keep is not None:
                self.keep(call, after)
            self._show_turns(after.turns[len(call.turns) :])
            call = after
        return call

    def _after(self, call: MockCall, typed: str) -> MockCall:
        """The call after what was typed."""
        if typed == _HELP:
            self._show(_HOW)
            return call
        if typed != _BACK:
            return spoken(self.player, call, typed, self.wording)
        own = [i for i, turn in enumerate(call.turns) if turn.speaker == "agent"]
        if not own:
            raise InputError("您还没有说过话", where="模拟通话", hint="先说一句")
        self._show(f"退回到这一句之前：{call.turns[own[-1]].text}")
        return call.back_to(own[-1])

    def _typed(self) -> str | None:
        """A line; None where there are no more."""
        try:
            if not self.aside:
                typed = input(_PROMPT)
            else:
                typer.echo(_PROMPT, nl=False, err=True)
                typed = sys.stdin.readline()
                if not typed:
                    raise EOFError
        except EOFError:
            self._show("")
            return None
        except UnicodeDecodeError as error:
            raise InputError(
                "读不出打的字", where="标准输入", hint="请把终端的编码设成 UTF-8，或用 --agent 文件"
            ) from error
        return typed.encode("utf-8", "replace").decode()

    def _show_turns(self, turns: Sequence[CallTurn]) -> None:
        for turn in turns:
            for line in self._lines(turn):
                self._show(line)

    def _lines(self, turn: CallTurn) -> Iterator[str]:
        from coach.reports.mock_text import finding_lines, mood_text

        if turn.speaker == "customer":
            yield f"客户：{turn.text}"
            yield f"      {mood_text(turn.state)}"
        elif self.hints is not None:
            yield from finding_lines(turn.findings, self.hints)

    def _show(self, text: str) -> None:
        typer.echo(text, err=self.aside)
