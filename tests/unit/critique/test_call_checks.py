"""Checks of a whole call on small packs: windows, conditions on the call, checklists and what drops their trigger."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
import yaml

from coach.critique import Finding, critique, load_rules
from coach.knowledge import load_standard
from coach.settings import knowledge_dir
from coach.transcripts import CallMeta, Transcript, Turn

EXAMPLES = {"bad": [{"call": ["坐席：甲"], "line": 1}] * 3, "good": [{"call": ["坐席：乙"]}] * 3}


def found(
    tmp_path: Path, check: dict[str, object], *turns: str, report: str = "trigger", **meta: object
) -> list[Finding]:
    rule = {
        "id": "own.call", "name": "试", "scope": "call", "severity": "warning", "message": "缺{missing}。", "advice": "改。",
        "clauses": ["TAB-01"], "report": report, "checks": [check], "examples": EXAMPLES,
    }  # fmt: skip
    folder = Path(mkdtemp(dir=tmp_path))  # packs are kept by folder
    (folder / "pack.yaml").write_text(
        yaml.safe_dump({"version": 1, "rules": [rule]}, allow_unicode=True), encoding="utf-8"
    )
    pack = load_rules(knowledge_dir(), folder)
    assert pack.warnings == ()
    said = tuple(Turn("agent" if t.startswith("坐席：") else "customer", t[3:]) for t in turns)
    call = Transcript(said, CallMeta(**meta))  # type: ignore[arg-type]
    findings = critique(call, pack, load_standard("default", knowledge_dir())).findings
    return [f for f in findings if f.rule == "own.call"]


def absence(**more: object) -> dict[str, object]:
    return {"kind": "absence", "satisfied": ["好"], **more}


@pytest.mark.parametrize(
    ("window", "fires"), [({}, False), ({"first": 1}, True), ({"first": 2}, False), ({"last": 1}, True)]
)
def test_an_absence_looks_at_the_agents_turns_of_its_window(
    tmp_path: Path, window: dict[str, int], fires: bool
) -> None:
    assert bool(found(tmp_path, absence(**window), "坐席：喂", "客户：好", "坐席：好", "坐席：嗯")) is fires


def test_an_absence_stands_on_the_words_that_called_for_it_or_where_the_rule_says(tmp_path: Path) -> None:
    check = absence(trigger=["坏了"], trigger_in="customer")
    turns = ("坐席：您说", "客户：灯坏了", "坐席：哦")
    (here,) = found(tmp_path, check, *turns)
    assert (here.line, here.span) == (2, (1, 3))
    (first,) = found(tmp_path, check, *turns, report="first")
    assert (first.line, first.span) == (1, (0, 2))
    (call,) = found(tmp_path, check, *turns, report="call")
    assert (call.line, call.span) == (None, None)


@pytest.mark.parametrize(("last", "fires"), [(0, True), (2, True), (1, False)])
def test_a_trigger_may_have_to_stand_among_the_last_turns(tmp_path: Path, last: int, fires: bool) -> None:
    check = absence(trigger=["坏了"], trigger_in="customer", trigger_last=last)
    assert bool(found(tmp_path, check, "客户：灯坏了", "坐席：哦", "客户：行吧")) is fires


@pytest.mark.parametrize(
    ("when", "meta", "fires"),
    [
        ({"direction": "inbound"}, {}, True),
        ({"direction": "outbound"}, {}, False),
        ({"scenario": ["proxy", "message"]}, {"scenario": "proxy"}, True),
        ({"scenario": ["proxy"]}, {"scenario": "answer"}, False),
        ({"scenario": ["proxy"]}, {}, False),
        ({"customer": ["灯"]}, {}, True),
        ({"customer": ["说"]}, {}, False),
        ({"customer_not": ["灯"]}, {}, False),
        ({"anyone": ["说"]}, {}, True),
        ({"anyone_not": ["说"]}, {}, False),
    ],
)
def test_a_check_looks_only_at_calls_of_its_kind(
    tmp_path: Path, when: dict[str, object], meta: dict[str, object], fires: bool
) -> None:
    assert bool(found(tmp_path, absence(when=when), "坐席：您说", "客户：灯坏了", "坐席：哦", **meta)) is fires


ITEMS = {"姓名": {"agent": ["贵姓"], "customer": ["我姓"]}, "电话": {"agent": ["电话"]}}


def checklist(**more: object) -> dict[str, object]:
    return {"kind": "checklist", "trigger": ["转"], "items": ITEMS, **more}


def test_a_checklist_names_what_is_missing_on_the_words_that_called_for_it(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, checklist(), "客户：我姓白", "坐席：这就转", "客户：好")
    assert (finding.message, finding.line, finding.span) == ("缺电话。", 2, (2, 3))


def test_items_count_up_to_the_last_trigger_when_they_must_come_before(tmp_path: Path) -> None:
    asked = ("坐席：给您转？", "客户：好", "坐席：您贵姓，电话多少？", "客户：我姓白")
    assert found(tmp_path, checklist(before=True), *asked, "坐席：现在转") == []
    (finding,) = found(tmp_path, checklist(before=True), *asked)
    assert finding.message == "缺姓名、电话。"
    assert found(tmp_path, checklist(), *asked) == []


def test_a_trigger_after_the_end_of_the_search_does_not_count(tmp_path: Path) -> None:
    check = checklist(before=True, until=["没接通"])
    turns = ("坐席：给您转", "坐席：没接通，您贵姓，电话多少？", "坐席：再转一次")
    assert len(found(tmp_path, check, *turns)) == 1


def test_a_trigger_is_dropped_by_its_turn_or_by_the_customers_answer(tmp_path: Path) -> None:
    check = checklist(trigger_unless=["要不要"], declined=["不用"])
    assert found(tmp_path, check, "坐席：要不要转？", "客户：好") == []
    assert found(tmp_path, check, "坐席：给您转？", "客户：先等等", "客户：不用了") == []
    assert len(found(tmp_path, check, "坐席：给您转？", "客户：好", "坐席：嗯", "客户：不用谢")) == 1


def test_a_trigger_may_be_the_customers(tmp_path: Path) -> None:
    check = checklist(trigger_in="customer")
    assert found(tmp_path, check, "坐席：给您转") == []
    assert found(tmp_path, check, "坐席：您说", "客户：给我转")[0].line == 2
