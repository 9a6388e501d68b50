"""`coach calls`: one's own mock calls listed with their trend, shown, deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.mock_keep import SHORT, open_store
from coach.errors import InputError
from coach.settings import Settings, knowledge_dir

if TYPE_CHECKING:
    from coach.storage import SavedCall, Store

__all__ = ["register"]

_ALL = 1_000_000
_WHERE = "coach calls"
_NOTES = "call-notes"
_Trainee = Annotated[str | None, typer.Option(help="只看谁的", metavar="NAME")]
_CallId = Annotated[str, typer.Argument(help="编号，写得出是哪一通就行", metavar="ID")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    calls = typer.Typer(rich_markup_mode=None)
    calls.callback(invoke_without_command=True)(calls_command)
    calls.command("list")(list_command)
    calls.command("show")(show_command)
    calls.command("delete")(delete_command)
    calls.command("forget")(forget_command)
    app.add_typer(calls, name="calls")


def calls_command(context: typer.Context) -> int:
    """练过的模拟通话：列出、查看、删除。"""
    return list_command() if context.invoked_subcommand is None else 0


def list_command(
    trainee: _Trainee = None,
    limit: Annotated[int, typer.Option(help="最多几通", min=1, max=_ALL)] = 20,
    format_: FormatOption = Format.TEXT,
) -> int:
    """列出练过的通话，新的在前，附成绩的走势。"""
    from coach.reports.history import calls_data, calls_text
    from coach.roleplay import load_personas

    with open_store(Settings()) as store:
        calls, trend = store.calls(trainee, limit), store.trend(trainee)
    if format_ is Format.JSON:
        typer.echo(json.dumps(calls_data(calls, trend), ensure_ascii=False, indent=2))
    else:
        names = {one.id: one.name for one in load_personas(knowledge_dir()).values()}
        typer.echo(calls_text(calls, trend, names, None, SHORT))
    return 0


def show_command(
    call: _CallId,
    try_: Annotated[int | None, typer.Option("--try", help="第几遍；不写就是最后一遍", min=1, metavar="N")] = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """显示一通练过的通话：每句话、当时指出的问题、客户的状态和成绩。"""
    with open_store(Settings()) as store:
        saved = store.load(_whole_id(store, call))
        if try_ is not None:
            saved = store.load(saved.id, _try_id(saved, try_))
    data, text, warnings = _told(saved)
    for warning in warnings:
        typer.echo(warning, err=True)
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2) if format_ is Format.JSON else text)
    return 0


def _told(saved: SavedCall) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The call as data and as text, with what was found and scored then; and what of it is lost."""
    from coach.critique import load_rules
    from coach.knowledge import load_knowledge
    from coach.reports.history import saved_card_data, saved_card_lines, saved_head
    from coach.reports.mock import mock_data
    from coach.reports.mock_text import mock_text
    from coach.roleplay.saved import restored

    folder = knowledge_dir()
    read = restored(saved, load_knowledge(folder), folder)
    names = {rule.id: rule.data.name for rule in load_rules(folder, Settings().rules, check=False).rules.values()}
    findings = [finding for turn in read.call.turns for finding in turn.findings]
    card = saved.scorecard
    about = {
        "id": saved.id,
        "created_at": saved.created_at.isoformat(),
        "trainee": saved.setup.trainee,
        "try": saved.played.no,
        "tries": len(saved.tries),
    }
    data = mock_data(read.call, findings, saved_card_data(card) if card is not None else None)
    text = mock_text(read.call, findings, saved_card_lines(card) if card is not None else (), names)
    return {**about, **data}, f"{saved_head(saved, None)}\n{text}", read.warnings


def _try_id(saved: SavedCall, no: int) -> str:
    found = next((one.id for one in saved.tries if one.no == no), None)
    if found is None:
        raise InputError(f"这通电话没有第 {no} 遍", where=_WHERE, hint=f"一共练了 {len(saved.tries)} 遍")
    return found


def delete_command(calls: Annotated[list[str], typer.Argument(help="编号，可以写几个", metavar="ID…")]) -> int:
    """删掉练过的通话，连同成绩；删了找不回来。"""
    settings = Settings()
    with open_store(settings) as store:
        for id_ in [_whole_id(store, call) for call in calls]:
            store.delete(id_)
            typer.echo(f"删掉了 {id_}")
        _drop_notes(settings, store)
    return 0


def forget_command(
    days: Annotated[int, typer.Option(help="多少天没有动过的都删掉；0 就是全部", min=0, metavar="N")],
) -> int:
    """删掉 N 天以前的全部通话和成绩；删了找不回来。"""
    settings = Settings()
    with open_store(settings) as store:
        count = store.delete_older_than(days)
        _drop_notes(settings, store)
    typer.echo(f"删掉了 {count} 通")
    return 0


def _whole_id(store: Store, given: str) -> str:
    """The id of the only call whose id begins with `given`."""
    wanted = given.strip().lower()
    found = [one.id for one in store.calls(limit=_ALL) if one.id.startswith(wanted)] if wanted else []
    if len(found) != 1:
        what = "有好几通电话的编号这样开头" if found else f"没有“{given}”这通电话"
        raise InputError(what, where=_WHERE, hint="用 coach calls list 看编号")
    return found[0]


def _drop_notes(settings: Settings, store: Store) -> None:
    """Deletes what the web app keeps beside calls (message pads) where the call isn't there any more."""
    there = {one.id for one in store.calls(limit=_ALL)}
    for path in (settings.data_folder() / _NOTES).glob("*.json"):
        if path.stem not in there:
            path.unlink(missing_ok=True)
