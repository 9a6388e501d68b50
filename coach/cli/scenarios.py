"""`coach scenarios`: the scenarios of mock calls listed, shown, begun from two sentences, checked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import regex
import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.scenario_source import known_scenarios, own_folder, scenario_of, told_scenario
from coach.cli.source import STDIN, read_calls, read_input
from coach.errors import InputError, KnowledgeError
from coach.settings import Settings, knowledge_dir
from coach.transcripts import decode

if TYPE_CHECKING:
    from coach.roleplay import Scenario

__all__ = ["register"]

_ID = regex.compile(r"[\w-]{2,60}")
_ASK = "谁来电、出了什么事、想要什么、知道哪些信息，写一两句话（直接回车得到一份带说明的样板）：\n> "
_FAULTY = 2


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    scenarios = typer.Typer(rich_markup_mode=None)
    scenarios.callback(invoke_without_command=True)(list_command)
    scenarios.command("show")(show_command)
    scenarios.command("new")(new_command)
    scenarios.command("check")(check_command)
    scenarios.command("schema")(schema_command)
    app.add_typer(scenarios, name="scenarios")


def list_command(context: typer.Context, format_: FormatOption = Format.TEXT) -> int:
    """列出场景；写一个新的；检查自己写的。"""
    if context.invoked_subcommand is not None:
        return 0
    found, faults = _known()
    for fault in faults:
        typer.echo(fault, err=True)
    if format_ is Format.JSON:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=2))
        return 0
    from coach.reports.casting import scenario_line

    for scenario in sorted(found, key=lambda one: one.industry):
        typer.echo(scenario_line(scenario))
    return 0


def show_command(
    scenario: Annotated[str, typer.Argument(help="编号、名称、文件，或一两句话", metavar="ID|FILE|TEXT")],
    format_: FormatOption = Format.TEXT,
) -> int:
    """显示一个场景：谁来电、出了什么事、知道什么、怎样算解决。"""
    from coach.reports.casting import scenario_text

    found = scenario_of(scenario, {one.id: one for one in _known()[0]})
    if format_ is Format.JSON:
        typer.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        typer.echo(scenario_text(found))
    return 0


def new_command(
    file: Annotated[Path | None, typer.Argument(help="写到哪里；不写就显示出来", metavar="[FILE]")] = None,
    text: Annotated[
        str | None, typer.Option(help="一两句话：谁来电、出了什么事、想要什么；不写就问，空着得到样板", metavar="TEXT")
    ] = None,
    call: Annotated[
        str | None, typer.Option(help="从一通真实的通话来：真的姓名、号码都会换掉", metavar="FILE|-")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="文件已经有了也照写")] = False,
) -> int:
    """把一两句话，或一通真实的通话，变成一个场景文件；什么也不给，就得到一份带说明、能直接用的样板。"""
    from coach.reports.scenario_yaml import scenario_yaml
    from coach.roleplay import read_scenario

    if file is not None and file.exists() and not force:
        raise InputError("已经有这个文件了", where=str(file), hint="换个名字，或加 --force 覆盖")
    if text is not None and call is not None:
        raise InputError("--text 和 --call 不能一起用", where="coach scenarios new", hint="两者取其一")
    template = knowledge_dir() / "roleplay" / "scenario-template.yaml"
    if call is not None:
        scenario = _of_call(call)
    else:
        told = text if text is not None else _asked()
        scenario = told_scenario(told) if told.strip() else read_scenario(template)
    if file is not None and _ID.fullmatch(file.stem):
        scenario = scenario.model_copy(update={"id": file.stem})
    written = scenario_yaml(scenario, template.read_text(encoding="utf-8"))
    if file is None:
        typer.echo(written, nl=False)
        return 0
    try:
        file.write_text(written, encoding="utf-8")
    except OSError as error:
        raise InputError("写不了这个文件", where=str(file), hint="请检查文件夹在不在、有没有权限") from error
    typer.echo(f"已写好 {file}：{scenario.title}。改好后用 coach scenarios check {file} 检查。")
    return 0


def _of_call(file: str) -> Scenario:
    from coach.roleplay.from_call import scenario_from_call

    calls = read_calls(file, None)
    if len(calls) > 1:
        raise InputError(f"文件里有 {len(calls)} 通电话", where=file, hint="请给出一通")
    return scenario_from_call(calls[0])


def _asked() -> str:
    """What was typed, or piped in; empty where there was nothing."""
    if sys.stdin.isatty():
        typer.echo(_ASK, nl=False, err=True)
        return sys.stdin.readline()
    data, name = read_input(STDIN)
    return decode(data, name=name) if data.strip() else ""


def check_command(
    files: Annotated[list[Path], typer.Argument(help="场景文件（YAML）", metavar="FILE…")],
) -> int:
    """检查场景文件：哪一行写得不对、为什么；都对就退出码 0。"""
    faulty = 0
    for file in files:
        try:
            scenario = _checked(file)
        except KnowledgeError as error:
            faulty += 1
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{file}：没有问题（{scenario.title}）")
    return _FAULTY if faulty else 0


def _checked(file: Path) -> Scenario:
    """The scenario in `file`; raises KnowledgeError where it is faulty or names a persona there isn't."""
    from coach.roleplay import load_personas, read_scenario

    scenario = read_scenario(file)
    personas = load_personas(knowledge_dir()).values()
    names = {name for one in personas for name in (one.id, one.name)}
    if strange := [name for name in scenario.personas if name not in names]:
        known = "、".join(one.name for one in personas)
        raise KnowledgeError(f"personas：没有“{strange[0]}”这个人设", where=file.name, hint=f"可选：{known}")
    return scenario


def schema_command() -> int:
    """显示场景文件的 JSON Schema，给编辑器用。"""
    from coach.roleplay import scenario_schema

    typer.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
    return 0


def _known() -> tuple[list[Scenario], tuple[str, ...]]:
    found, faults = known_scenarios(knowledge_dir(), own_folder(Settings().data_folder()))
    return list(found.values()), faults
