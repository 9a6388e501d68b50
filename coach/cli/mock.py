"""`coach mock`: a mock call with a simulated customer, typed live, from a script, or a batch of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.mock_batch import Wanted, request_of
from coach.cli.mock_judge import judge, rule_names
from coach.cli.mock_keep import SHORT, Keeper, open_store
from coach.cli.mock_live import Live
from coach.cli.mock_play import model_wording, scripted
from coach.cli.scenario_source import known_scenarios, own_folder, scenario_of
from coach.cli.source import read_input, read_requests
from coach.errors import CoachError, InputError
from coach.settings import Settings
from coach.transcripts import decode

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.roleplay import MockCall, Scenario, Setup

__all__ = ["register"]

_MOST_SEED = 1_000_000


class _LevelName(StrEnum):
    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"


@dataclass(frozen=True)
class _Stage:
    """What the calls of a command are set up from.

    Attributes:
        coach: Plays and judges.
        scenarios: Those that go by id or title.
    """

    coach: Coach
    scenarios: Mapping[str, Scenario]

    def setup(self, wanted: Wanted) -> Setup:
        """Who plays what; what isn't named is drawn by the seed."""
        from coach.roleplay import Setup, find_persona, load_personas
        from coach.roleplay.casting import cast

        folder, seed = self.coach.folder, wanted.seed or 0
        persona, scenario = cast(
            find_persona(wanted.persona, folder) if wanted.persona else None,
            scenario_of(wanted.scenario, self.scenarios) if wanted.scenario else None,
            seed,
            load_personas(folder).values(),
            self.scenarios.values(),
        )
        return Setup(persona, scenario, wanted.level or "normal", seed, self.coach.standard.name)


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("mock")(mock_command)


def mock_command(
    persona: Annotated[str | None, typer.Option(help="人设的编号或名称；不写就抽一个合适的", metavar="ID")] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="场景的编号、名称、文件，或一两句话；不写就抽一个合适的", metavar="ID|FILE|TEXT"),
    ] = None,
    level: Annotated[_LevelName, typer.Option(help="难度")] = _LevelName.NORMAL,
    seed: Annotated[
        int | None, typer.Option(help="同样的种子和话，得到同一通电话；不写时，现场打字用随机的，脚本和批量用 0")
    ] = None,
    agent: Annotated[str | None, typer.Option(help="坐席的话，一行一句；不写就现场打字", metavar="FILE|-")] = None,
    batch: Annotated[str | None, typer.Option(help="JSONL：一行一通，一行一个结果", metavar="FILE|-")] = None,
    save: Annotated[
        bool | None,
        typer.Option("--save/--no-save", help="把通话存进记录（coach calls）；不写时，现场打字的存，脚本的不存"),
    ] = None,
    trainee: Annotated[str, typer.Option(help="谁在练，存记录时用", metavar="NAME")] = "",
    hints: Annotated[bool, typer.Option("--hints", help="现场打字时，每说一句就指出问题")] = False,
    standard: Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")] = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置的客户和教练，不问语言模型")] = False,
    format_: FormatOption = Format.TEXT,
) -> int:
    """打一通模拟电话：客户的情绪按规则变化，挂机后给出评分和每一句的问题。"""
    from coach.assistant import Coach

    _refuse_both(batch=batch, agent=agent, save=save)
    lines = _lines(agent) if agent is not None else None
    requests = list(read_requests(batch)) if batch is not None else []
    settings = Settings()
    coach = Coach.open(settings, standard, use_model=not no_llm)
    stage, wanted = _Stage(coach, _scenarios(coach, settings)), Wanted(persona, scenario, seed, level.value)
    tell = _teller()
    if batch is not None:
        for number, line in requests:
            typer.echo(json.dumps(_one(stage, wanted, number, line, tell), ensure_ascii=False))
        return 0
    kept = save if save is not None else lines is None
    wording = model_wording(coach, tell)
    keeper = Keeper(lambda: open_store(settings), trainee, tell) if kept else None
    if lines is None:
        drawn = random.SystemRandom().randrange(_MOST_SEED) if seed is None else seed
        names, aside = rule_names(coach) if hints else None, format_ is Format.JSON
        live = Live(coach.player, wording, names, aside=aside, keep=keeper.step if keeper else None)
        call, unused = live.play(stage.setup(replace(wanted, seed=drawn))), 0
    else:
        setup = stage.setup(wanted)
        call, unused = scripted(coach.player, setup, lines, wording)
        if keeper is not None:
            keeper.step(coach.player.begin(setup), call)
    if wording is not None and wording.tally.asked:
        tell(f"{wording.tally}。")
    _say(coach, call, unused, format_, keeper)
    return 0


def _refuse_both(*, batch: str | None, agent: str | None, save: bool | None) -> None:
    if batch is not None and (agent is not None or save):
        other = "--agent" if agent is not None else "--save"
        raise InputError(f"--batch 不能和 {other} 一起用", where="coach mock", hint="两者取其一")


def _scenarios(coach: Coach, settings: Settings) -> Mapping[str, Scenario]:
    found, faults = known_scenarios(coach.folder, own_folder(settings.data_folder()))
    for fault in faults:
        typer.echo(fault, err=True)
    return found


def _teller() -> Callable[[str], None]:
    """Says things on standard error, each once."""
    said: set[str] = set()

    def tell(text: str) -> None:
        if text not in said:
            said.add(text)
            typer.echo(text, err=True)

    return tell


def _lines(file: str) -> list[str]:
    data, name = read_input(file)
    return decode(data, name=name).split("\n")


def _say(coach: Coach, call: MockCall, unused: int, format_: Format, keeper: Keeper | None) -> None:
    if unused:
        typer.echo(f"通话已经结束，最后 {unused} 句没有用上。", err=True)
    judged = judge(coach, call)
    if format_ is Format.JSON:
        typer.echo(json.dumps(judged.data(unused), ensure_ascii=False, indent=2))
    else:
        typer.echo(judged.text(rule_names(coach)))
    if keeper is not None and (id_ := keeper.end(judged.scored.card if judged.scored else None)):
        typer.echo(f"这通电话存下了：coach calls show {id_[:SHORT]}", err=True)


def _one(stage: _Stage, wanted: Wanted, number: int, line: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """The call that a line of a batch asks for, or what is wrong with it, in its place."""
    where, given = f"第 {number} 行", {}
    try:
        request = request_of(line, where)
        given = {"id": request.id} if request.id is not None else {}
        setup, wording = stage.setup(request.wanted(wanted)), model_wording(stage.coach, tell)
        call, unused = scripted(stage.coach.player, setup, request.agent, wording)
        return {**given, **judge(stage.coach, call).data(unused)}
    except CoachError as error:
        place = "" if error.where.startswith("--") else error.where.removeprefix(where)
        at = f"{where} {place}" if place else where
        return {**given, "error": str(InputError(error.what, where=at, hint=error.hint))}
