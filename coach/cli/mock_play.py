"""The agent's side of a mock call: what is typed or scripted, and the few commands beside speaking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from coach.errors import InputError
from coach.settings import prompts_dir

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.roleplay import MockCall, Player, Setup
    from coach.roleplay.player import Wording
    from coach.roleplay.wording import ModelWording

__all__ = ["COMMANDS", "command_of", "model_wording", "scripted", "spoken"]

COMMANDS = {
    "/等候": "hold",
    "/转接": "transfer",
    "/挂机": "hang_up",
}
"""What can be done beside speaking: the command, followed by the words said with it."""

_HANG_UP = "hang_up"


def command_of(line: str) -> tuple[str, str]:
    """The act of a line (empty where it is plain speech) and its words.

    Raises:
        InputError: It begins as a command, but there is none of that name.
    """
    if not line.startswith("/"):
        return "", line
    name, _, words = line.replace("\u3000", " ").partition(" ")
    if name not in COMMANDS:
        raise InputError(
            f"没有“{name}”这个命令", where="模拟通话", hint=f"可用的有 {'、'.join(COMMANDS)}，后面写要说的话"
        )
    return COMMANDS[name], words.strip()


def spoken(player: Player, call: MockCall, line: str, wording: Wording | None = None) -> MockCall:
    """The call after the agent's `line`, which may be a command.

    Raises:
        InputError: As `Player.say` does, or there is no such command.
    """
    act, words = command_of(line.strip())
    if act != _HANG_UP:
        return player.say(call, words, wording, act)
    return player.finish(player.say(call, words, wording, act) if words else call)


def scripted(
    player: Player, setup: Setup, lines: Sequence[str], wording: Wording | None = None
) -> tuple[MockCall, int]:
    """The call played to its end with the agent's `lines`, and how many of them came after that end.

    Where the last one doesn't end it, the agent hangs up. Blank lines are passed over.

    Raises:
        InputError: A line is too long, or a command there isn't.
    """
    said = [line for line in lines if line.strip()]
    call = player.begin(setup)
    for number, line in enumerate(said):
        if call.outcome is not None:
            return call, len(said) - number
        try:
            call = spoken(player, call, line, wording)
        except InputError as error:
            raise InputError(error.what, where=f"坐席的第 {number + 1} 句", hint=error.hint) from error
    return player.finish(call), 0


def model_wording(coach: Coach, tell: Callable[[str], None]) -> ModelWording | None:
    """Words one call with the coach's model, and tells in Chinese what goes wrong; None where there is no model."""
    if coach.model is None:
        return None
    from coach.llm import load_prompt
    from coach.roleplay.wordbook import load_wordbook
    from coach.roleplay.wording import ModelWording

    book, limits = load_wordbook(coach.folder), coach.player.moves.limits
    return ModelWording(coach.model, load_prompt("customer", prompts_dir()), book, limits, notify=tell)
