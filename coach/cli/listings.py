"""`coach rules`, `coach clauses`, `coach phrases`, `coach personas`: what the coach goes by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.errors import InputError
from coach.settings import Settings, knowledge_dir

__all__ = ["register"]


_Id = Annotated[str | None, typer.Argument(help="只看这一个", metavar="ID")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command("rules")(rules_command)
    app.command("clauses")(clauses_command)
    app.command("phrases")(phrases_command)
    app.command("personas")(personas_command)


def _print(items: list[dict[str, Any]], lines: Iterable[str], format_: Format) -> int:
    if format_ is Format.JSON:
        typer.echo(json.dumps(items, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            typer.echo(line)
    return 0


def rules_command(rule: _Id = None, format_: FormatOption = Format.TEXT) -> int:
    """列出全部规则；给出编号则连同例子一起显示。"""
    from coach.critique import load_rules
    from coach.reports.plain import SEVERITY_NAMES

    pack = load_rules(knowledge_dir(), Settings().rules)
    for warning in pack.warnings:
        typer.echo(warning, err=True)
    chosen = [r.data for r in pack.rules.values() if rule in (None, r.id)]
    if not chosen:
        raise InputError(f"没有规则 {rule}", where="coach rules", hint="不带编号运行可以看到全部规则")
    keys = {"id", "name", "scope", "severity", "needs", "message", "advice", "clauses"}
    keys |= {"examples"} if rule else set()
    items = [data.model_dump(mode="json", include=keys) for data in chosen]
    lines = []
    for data in chosen:
        clauses = "、".join(data.clauses)
        lines.append(f"{data.id:<36} {SEVERITY_NAMES[data.severity]}  {data.name}（{clauses}）")
        if rule:
            lines += ["", f"问题：{data.message}", f"建议：{data.advice}", "", "不合规："]
            lines += [f"  · {_example(example)}" for example in data.examples.bad]
            lines += ["合规："] + [f"  · {_example(example)}" for example in data.examples.good]
    return _print(items, lines, format_)


def _example(example: Any) -> str:  # noqa: ANN401 (either kind of example)
    from coach.critique.examples import example_transcript
    from coach.reports.plain import SPEAKER_NAMES

    return " / ".join(f"{SPEAKER_NAMES[turn.speaker]}：{turn.text}" for turn in example_transcript(example).turns)


def clauses_command(clause: _Id = None, format_: FormatOption = Format.TEXT) -> int:
    """列出手册的全部条款；给出编号则只显示这一条。"""
    from coach.knowledge import load_knowledge
    from coach.reports import clause_data

    chosen = [c for c in load_knowledge(knowledge_dir()).clauses.values() if clause in (None, c.id)]
    if not chosen:
        raise InputError(f"手册里没有条款 {clause}", where="coach clauses", hint="不带编号运行可以看到全部条款")
    lines = [f"{c.id}  {c.title}\n        {c.text}" for c in chosen]
    if clause:
        lines += [f"        出处：{source.document} › {source.section}" for source in chosen[0].sources]
    return _print([clause_data(c) for c in chosen], lines, format_)


def phrases_command(
    situation: Annotated[str | None, typer.Argument(help="情景的编号或名称", metavar="SITUATION")] = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """列出话术；给出情景则只看这个情景的。"""
    from coach.knowledge import load_knowledge
    from coach.reports import phrase_data

    knowledge = load_knowledge(knowledge_dir())
    wanted = [s.id for s in knowledge.situations.values() if situation in (None, s.id, s.title)]
    if not wanted:
        known = "、".join(s.title for s in knowledge.situations.values())
        raise InputError(f"没有情景“{situation}”", where="coach phrases", hint=f"可用的有：{known}")
    lines, chosen = [], []
    for name in wanted:
        lines.append(f"【{knowledge.situations[name].title}】")
        for phrase in knowledge.phrases.values():
            if phrase.situation == name:
                chosen.append(phrase)
                lines.append(f"  {phrase.text}")
    return _print([phrase_data(p) for p in chosen], lines, format_)


def personas_command(persona: _Id = None, format_: FormatOption = Format.TEXT) -> int:
    """列出模拟通话的人设；给出编号或名称则显示这一个：怎么说话，什么会激怒他，怎么应对。"""
    from coach.knowledge import load_knowledge
    from coach.reports.casting import persona_line, persona_text
    from coach.roleplay import load_personas

    personas = load_personas(knowledge_dir()).values()
    chosen = [one for one in personas if persona is None or persona.strip() in {one.id, one.name}]
    if not chosen:
        known = "、".join(one.name for one in personas)
        raise InputError(f"没有“{persona}”这个人设", where="coach personas", hint=f"可选：{known}")
    clauses = load_knowledge(knowledge_dir()).clauses if persona is not None else {}
    lines = [persona_text(one, clauses) if persona is not None else persona_line(one) for one in chosen]
    return _print([one.model_dump(mode="json") for one in chosen], lines, format_)
