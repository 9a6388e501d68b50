"""The engine on small packs of its own: spans, gates, yielding, severities, loader faults."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml

from coach.assistant import Coach
from coach.critique import Finding, critique, load_rules
from coach.critique.load import load_fragments
from coach.critique.patterns import PatternError, matcher
from coach.errors import KnowledgeError
from coach.knowledge import Standard
from coach.settings import knowledge_dir
from coach.transcripts import CallMeta, Transcript, Turn

EXAMPLES = {
    "bad": [{"text": "甲", "span": "甲"}] * 3,
    "good": [{"text": "乙"}] * 3,
}


def rule(name: str, *checks: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "id": f"own.{name}", "name": "试", "scope": "line", "severity": "warning", "message": "有{words}。", "advice": "改。",
        "clauses": ["TAB-01"], "checks": list(checks), "examples": EXAMPLES, **more,
    }  # fmt: skip


def found(
    tmp_path: Path, rules: list[dict[str, object]], *turns: str, standard: Standard | None = None, **meta: object
) -> list[Finding]:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    (folder / "pack.yaml").write_text(
        yaml.safe_dump({"version": 1, "rules": rules}, allow_unicode=True), encoding="utf-8"
    )
    pack = load_rules(knowledge_dir(), folder)
    assert pack.warnings == ()
    call = Transcript(
        tuple(Turn("agent" if t.startswith("坐席：") else "customer", t[3:]) for t in turns),
        CallMeta(**{"excerpt": True, "from_start": False, **meta}),  # type: ignore[arg-type]
    )
    judged = standard or Standard("default", "", "", {})
    parameters = {"rings": 3, "hold_seconds": 90, "dead_air_seconds": 10, "outbound_call_seconds": 180, "speech_rate": (120, 150),
                  "speech_rate_min_chars": 10, "overlap_seconds": 0, "bad_hours": ()}  # fmt: skip
    judged = Standard(judged.name, "", "", {**parameters, **judged.parameters}, judged.severities)
    return [f for f in critique(call, pack, judged).findings if f.rule.startswith("own.")]


def test_a_phrase_is_literal_and_its_span_is_of_the_original(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, [rule("dot", {"kind": "phrase", "phrases": ["三.五"]})], "坐席：是３５，是 三．五 呀")
    assert finding.span == (6, 9)
    assert finding.message == "有“三．五”。"


def test_every_place_is_kept_and_the_words_named_once(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, [rule("cat", {"kind": "pattern", "patterns": ["猫"]})], "坐席：猫，狗，猫")
    assert (finding.span, finding.others, finding.message) == ((0, 1), ((4, 5),), "有“猫”。")


def test_an_overlapping_exception_excuses_only_its_own_words(tmp_path: Path) -> None:
    check = {"kind": "pattern", "patterns": ["亲"], "unless": ["亲自"]}
    assert found(tmp_path, [rule("dear", check)], "坐席：您亲自来") == []
    (finding,) = found(tmp_path, [rule("dear", check)], "坐席：亲，您亲自来")
    assert finding.span == (0, 1)


def test_a_sentence_exception_reaches_its_sentence_and_a_line_exception_the_line(tmp_path: Path) -> None:
    sentence = rule("s", {"kind": "pattern", "patterns": ["不行"], "unless_sentence": ["不过"]})
    line = rule("l", {"kind": "pattern", "patterns": ["不行"], "unless_line": ["不过"]})
    assert found(tmp_path, [sentence], "坐席：这个不行，不过有别的办法。") == []
    assert len(found(tmp_path, [sentence], "坐席：这个不行。不过有别的办法。")) == 1
    assert found(tmp_path, [line], "坐席：这个不行。不过有别的办法。") == []


def test_quotations_are_passed_over_unless_the_rule_keeps_them(tmp_path: Path) -> None:
    check = {"kind": "pattern", "patterns": ["你"]}
    assert found(tmp_path, [rule("q", check)], "坐席：师傅说“你等着”") == []
    assert len(found(tmp_path, [rule("q", {**check, "quotes": "keep"})], "坐席：师傅说“你等着”")) == 1


@pytest.mark.parametrize(
    ("when", "turns", "fires"),
    [
        ({"previous": ["急"]}, ("客户：我很急", "坐席：好"), True),
        ({"previous": ["急"]}, ("客户：我不忙", "坐席：好"), False),
        ({"previous_not": ["急"]}, ("客户：我很急", "坐席：好"), False),
        ({"previous_agent": ["稍等"]}, ("坐席：请稍等", "客户：行", "坐席：好"), True),
        ({"before_not": ["转接"]}, ("坐席：给您转接", "客户：行", "坐席：那么", "坐席：好"), False),
        ({"direction": "outbound"}, ("坐席：好",), False),
        ({"first_line": True}, ("坐席：好",), False),
    ],
)
def test_a_check_looks_only_where_its_condition_holds(
    tmp_path: Path, when: dict[str, object], turns: tuple[str, ...], fires: bool
) -> None:
    check = {"kind": "pattern", "patterns": ["^好$"], "when": when}
    assert bool(found(tmp_path, [rule("w", check)], *turns)) is fires


def test_the_first_line_is_known_only_from_the_start_of_a_call(tmp_path: Path) -> None:
    check = {"kind": "pattern", "patterns": ["喂"], "when": {"first_line": True}}
    assert len(found(tmp_path, [rule("f", check)], "坐席：喂", "客户：喂", "坐席：喂", from_start=True)) == 1


def test_a_finding_yields_on_the_same_words_and_stands_elsewhere(tmp_path: Path) -> None:
    weak = rule("weak", {"kind": "pattern", "patterns": ["投诉"]}, yields_to=["own.strong"])
    strong = rule("strong", {"kind": "pattern", "patterns": ["去投诉呗"]})
    assert [f.rule for f in found(tmp_path, [weak, strong], "坐席：去投诉呗")] == ["own.strong"]
    assert [f.rule for f in found(tmp_path, [weak, strong], "坐席：投诉已登记，去投诉呗")] == ["own.weak", "own.strong"]


def test_an_absence_is_shown_on_the_words_that_called_for_it(tmp_path: Path) -> None:
    check = {"kind": "absence", "trigger": ["稍等"], "satisfied": ["分钟"]}
    (finding,) = found(tmp_path, [rule("a", check)], "坐席：请您稍等")
    assert finding.span == (2, 4)
    assert found(tmp_path, [rule("a", check)], "坐席：请您稍等两分钟") == []


def test_the_standard_changes_a_severity_or_switches_a_rule_off(tmp_path: Path) -> None:
    pack = [rule("c", {"kind": "pattern", "patterns": ["猫"]})]
    off = Standard("x", "", "", {}, {"own.c": "off"})
    mild = Standard("x", "", "", {}, {"own.c": "info"})
    assert found(tmp_path, pack, "坐席：猫", standard=off) == []
    assert found(tmp_path, pack, "坐席：猫", standard=mild)[0].severity == "info"


def test_call_scope_rules_are_not_judged_on_an_excerpt(coach: Coach) -> None:
    turns = (Turn("agent", "好的。"), Turn("customer", "没事"))
    whole = coach.critique(Transcript(turns)).findings
    part = coach.critique(Transcript(turns, CallMeta(excerpt=True, from_start=False))).findings
    assert {f.rule for f in whole} > {f.rule for f in part}
    assert not any(f.rule.startswith("closing.") for f in part)


def test_a_customers_words_are_never_at_fault(coach: Coach) -> None:
    call = Transcript(
        (Turn("agent", "您请讲。"), Turn("customer", "喂，你等着，信不信由你！")),
        CallMeta(excerpt=True, from_start=False),
    )
    assert [f for f in coach.critique(call).findings if f.line == 2] == []


@pytest.mark.parametrize("text", ["", "👍", "。。。", " ", "\u200b", "a" * 5000])
def test_odd_lines_are_judged_without_failing(coach: Coach, text: str) -> None:
    coach.critique(Transcript((Turn("agent", text), Turn("customer", text), Turn("agent", text))))


def test_fragments_are_spliced_and_unknown_or_circular_ones_told() -> None:
    assert matcher(["{hello}吗"], {"hello": "你好|您好"}).spans("您好吗") == ((0, 3),)
    with pytest.raises(PatternError, match="nope"):
        matcher(["{nope}"], {})
    with pytest.raises(PatternError, match="没有尽头"):
        matcher(["{a}"], {"a": "{b}", "b": "{a}"})
    with pytest.raises(PatternError, match="不能用"):
        matcher(["("], {})


def test_the_shipped_fragments_all_compile() -> None:
    fragments = load_fragments(knowledge_dir())
    assert all(matcher(["{" + name + "}"], fragments) for name in fragments)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"severity": "grave"}, "severity：不在允许的取值之内"),
        ({"colour": "red"}, "colour：不认识的键"),
        ({"clauses": ["ZZZ-99"]}, "没有条款 ZZZ-99"),
        ({"checks": [{"kind": "guess"}]}, "不认识的种类"),
        ({"checks": [{"kind": "pattern", "patterns": ["("]}]}, "不能用"),
        ({"examples": {"bad": [], "good": []}}, "条目太少"),
    ],
)
def test_a_users_faulty_rule_is_left_out_with_place_and_reason(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    good, bad = (
        rule("good", {"kind": "pattern", "patterns": ["猫"]}),
        {**rule("bad", {"kind": "pattern", "patterns": ["狗"]}), **change},
    )
    (tmp_path / "pack.yaml").write_text(
        yaml.safe_dump({"version": 1, "rules": [good, bad]}, allow_unicode=True), encoding="utf-8"
    )
    pack = load_rules(knowledge_dir(), tmp_path)
    assert "own.good" in pack.rules
    assert "own.bad" not in pack.rules
    assert len(pack.warnings) == 1
    assert reason in pack.warnings[0]
    assert "pack.yaml 第" in pack.warnings[0]


def test_a_users_rule_may_not_take_a_shipped_id(tmp_path: Path) -> None:
    own = {**rule("x", {"kind": "pattern", "patterns": ["猫"]}), "id": "language.argue"}
    (tmp_path / "pack.yaml").write_text(
        yaml.safe_dump({"version": 1, "rules": [own]}, allow_unicode=True), encoding="utf-8"
    )
    assert "重复" in load_rules(knowledge_dir(), tmp_path).warnings[0]


def test_a_missing_folder_of_own_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="COACH_RULES"):
        load_rules(knowledge_dir(), tmp_path / "none")


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("您好，请问是王女士吗？我是平康保险的小周。", True),
        ("您好，我是绿洲装修的客服，给您做个回访。", True),
        ("您好，绿洲装修，请问有什么可以帮您？", False),
        ("您好，客服中心，请讲。", False),
    ],
)
def test_who_called_is_told_from_the_opening_where_nobody_says(coach: Coach, opening: str, expected: bool) -> None:
    call = Transcript((Turn("agent", opening), Turn("customer", "是我，怎么了？"), Turn("agent", "好的，再见。")))
    result = coach.critique(call)
    rules = {f.rule for f in result.findings}
    assert ("outbound.missing-convenience-check" in rules) is expected
    assert any("按外呼判断" in warning for warning in result.warnings) is expected


def test_a_direction_that_is_given_is_not_guessed(coach: Coach) -> None:
    call = Transcript(
        (Turn("agent", "您好，请问是王女士吗？"), Turn("customer", "是。")), CallMeta(direction="inbound")
    )
    assert not any(f.rule.startswith("outbound.") for f in coach.critique(call).findings)
