"""What one can do in a mock call: speak, hold, pass on, hang up, go back, ask for a hint. Each gives a new Session. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coach.errors import InputError
from coach.roleplay import Player, Setup
from coach.roleplay.player import Wording
from coach.web.call_session import PAD, Attempt, Session, Terms

__all__ = ["begun", "gone_back", "hinted", "hung_up", "noted", "shown_try", "spoken"]

_MOST_NOTED = 200
_WHERE = "模拟通话"


def begun(player: Player, setup: Setup, terms: Terms) -> Session:
    """A new call, just picked up, that nothing keeps yet."""
    return Session("", terms, (Attempt(player.begin(setup)),))


def spoken(
    player: Player,
    session: Session,
    line: str,
    now: float,
    *,
    act: str = "",
    to: str = "",
    wording: Wording | None = None,
) -> Session:
    """The call after the agent said `line`, and what he did with it.

    Args:
        player: Plays the customer.
        session: The call so far.
        line: The agent's words.
        now: Seconds since 1970; ends a hold, or begins one.
        act: hold, transfer or hang_up; empty where he only spoke.
        to: For a transfer: to whom.
        wording: Words the customer's turn otherwise.

    Raises:
        InputError: The call is over, the line is blank or too long, or nobody was named to pass it on to.
    """
    if not session.newest:
        raise InputError("这一遍已经留作对照，不再往下打", where=_WHERE, hint="点您说过的某一句，可以从那里重来")
    if act == "transfer" and not to.strip():
        raise InputError("还没有写转给谁", where=_WHERE, hint="写上部门或姓名，最好连分机号一起")
    attempt, turn = session.attempt, len(session.call.turns)
    call = player.say(attempt.call, line, wording, act)
    held = attempt.held
    if session.held_since is not None:
        held = {**held, turn: max(0.0, round(now - session.held_since, 1))}
    passed = {**attempt.passed_to, turn: to.strip()[:_MOST_NOTED]} if act == "transfer" else attempt.passed_to
    after = session.with_attempt(replace(attempt, call=call, held=held, passed_to=passed))
    holding = act == "hold" and call.outcome is None
    return replace(after, held_since=now if holding else None)


def hung_up(player: Player, session: Session) -> Session:
    """The agent put the receiver down; nothing changes where the call had ended."""
    ended = session.with_attempt(replace(session.attempt, call=player.finish(session.call)))
    return replace(ended, held_since=None)


def gone_back(session: Session, turn: int) -> Session:
    """A new try from the agent's 0-based `turn` on; all tries so far are kept.

    Raises:
        InputError: It is an exam, or there is no agent's line there.
    """
    if session.terms.exam:
        raise InputError("考试只有一次机会，不能重来", where=_WHERE)
    turns = session.call.turns
    if not 0 <= turn < len(turns) or turns[turn].speaker != "agent":
        raise InputError("找不到要重来的那一句", where=_WHERE, hint="请点您自己说过的一句")
    new = session.attempt.back_to(turn, session.at)
    return replace(session, attempts=(*session.attempts, new), at=len(session.attempts), held_since=None)


def shown_try(session: Session, at: int) -> Session:
    """The try at place `at` shown."""
    if not 0 <= at < len(session.attempts):
        raise InputError("没有这一遍", where=_WHERE)
    return replace(session, at=at, held_since=None)


def hinted(session: Session, step: str) -> Session:
    """A hint about `step` taken now; asked for again before anything is said, it costs nothing more.

    Raises:
        InputError: It is an exam, or the call is over.
    """
    if session.terms.exam:
        raise InputError("考试没有提示", where=_WHERE)
    if session.over:
        raise InputError("这通电话已经结束了", where=_WHERE)
    turn = len(session.call.turns)
    return session.with_attempt(replace(session.attempt, hints={**session.attempt.hints, turn: step}))


def noted(session: Session, pad: Mapping[str, str | None]) -> Session:
    """The message pad as it is filled in now."""
    written = {name: (pad.get(name) or "").strip()[:_MOST_NOTED] for name in PAD}
    return replace(session, pad={name: text for name, text in written.items() if text})
