"""JUnit XML: valid by its schema, each line a case, nothing that XML can't hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from coach.assistant import Coach
from coach.critique import Critique, Dismissal, Finding
from coach.reports.junit import junit_report
from coach.transcripts import Transcript, Turn, parse_text

CALL = "坐席：喂，谁啊？\n客户：我家断网三天了，你们到底管不管！\n坐席：你等一下。\n坐席：好的，我现在就为您登记。\n"


@pytest.fixture(scope="module")
def schema(root: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(root / "tests" / "schemas" / "junit-10.xsd"))


@pytest.fixture(scope="module")
def critique(coach: Coach) -> Critique:
    return coach.critique(parse_text(CALL))


def document(coach: Coach, *critiques: Critique, source: str = "call.txt") -> etree._Element:
    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    judged = [(critique, coach.score(critique)) for critique in critiques]
    return etree.fromstring("".join(junit_report(judged, source, names, many=len(critiques) > 1)).encode())


def only(critique: Critique, *findings: Finding) -> Critique:
    return replace(critique, findings=findings)


def case(root: etree._Element, number: int) -> etree._Element:
    return root.xpath(f"//testcase[starts-with(@name, '第 {number} 行')]")[0]


def dismissed(finding: Finding, reason: str = "转写有误") -> Finding:
    return replace(finding, dismissed=Dismissal(reason))


def test_the_document_is_valid_with_failures_skips_info_and_no_call(
    coach: Coach, critique: Critique, schema: etree.XMLSchema
) -> None:
    first = critique.findings[0]
    mixed = only(critique, dismissed(first), *critique.findings[1:])
    info = only(critique, replace(first, severity="info"))
    for critiques in ((), (critique,), (critique, mixed, info, replace(critique, warnings=("说话人是猜的",)))):
        assert schema.validate(document(coach, *critiques)), schema.error_log


def test_a_call_is_a_suite_with_a_case_for_each_of_the_agents_lines_and_one_for_the_whole(
    coach: Coach, critique: Critique
) -> None:
    root = document(coach, critique, critique)
    assert root.xpath("testsuite/@name") == ["call.txt 第 1 通", "call.txt 第 2 通"]
    suite = root[0]
    names = suite.xpath("testcase/@name")
    assert names[0] == "第 1 行 坐席：喂，谁啊？"
    assert [name[:5] for name in names] == ["第 1 行", "第 3 行", "第 4 行", "整通电话"]
    assert int(suite.get("tests")) == len(names)
    assert int(suite.get("failures")) == len(suite.xpath("testcase/failure"))
    assert suite.xpath("properties/property[@name='standard']/@value") == ["default"]


def test_a_part_of_a_call_has_no_case_for_the_whole(coach: Coach) -> None:
    root = document(coach, coach.critique(parse_text("您好，请讲。")))
    assert root.xpath("testsuite/@name") == ["call.txt"]
    assert [name[:5] for name in root.xpath("//testcase/@name")] == ["第 1 行"]


def test_a_failure_tells_every_finding_with_rule_advice_and_clauses(coach: Coach, critique: Critique) -> None:
    findings = [f for f in critique.of_line(3) if f.severity != "info"]
    assert len(findings) > 1
    (failure,) = case(document(coach, critique), 3).findall("failure")
    assert failure.get("type") in {finding.rule for finding in findings}
    assert failure.get("message").endswith(f"（另有 {len(findings) - 1} 个问题）")
    for finding in findings:
        assert finding.rule in failure.text
        assert finding.message in failure.text
        assert finding.advice in failure.text
        assert all(citation.clause in failure.text for citation in finding.citations)


def test_the_gravest_finding_gives_a_failure_its_type(coach: Coach, critique: Critique) -> None:
    mild, grave = (replace(f, severity=s) for f, s in zip(critique.of_line(3), ("warning", "error"), strict=False))
    (failure,) = case(document(coach, only(critique, mild, grave)), 3).findall("failure")
    assert failure.get("type") == grave.rule


def test_info_stands_in_the_output_of_a_case_that_passes(coach: Coach, critique: Critique) -> None:
    info = replace(critique.findings[0], severity="info", line=3)
    found = case(document(coach, only(critique, info)), 3)
    assert [child.tag for child in found] == ["system-out"]
    assert info.advice in found[0].text


def test_a_case_whose_findings_are_all_dismissed_is_skipped_with_the_reason(coach: Coach, critique: Critique) -> None:
    one, two, *_ = critique.of_line(3)
    skipped = case(document(coach, only(critique, dismissed(one))), 3)
    assert [child.tag for child in skipped] == ["skipped"]
    assert "转写有误" in skipped[0].get("message")
    failed = case(document(coach, only(critique, dismissed(one), replace(two, severity="warning"))), 3)
    assert [child.tag for child in failed] == ["failure", "system-out"]
    assert "转写有误" in failed[1].text


def test_what_xml_cannot_hold_is_shown_and_what_it_gives_a_meaning_is_kept(
    coach: Coach, schema: etree.XMLSchema
) -> None:
    said = "你\x1b[31m</failure>&<b>]]>\r\n\x00\x7f\ufffe😀𠮷\t"
    critique = coach.critique(Transcript((Turn("agent", said),)))
    root = document(coach, critique, source='a"<\udcff>.txt')
    assert schema.validate(root), schema.error_log
    text = "".join(root.itertext())
    assert "你\\x1b[31m</failure>&<b>]]>\\x0d\n\\x00\\x7f\\ufffe😀𠮷\t" in text
    assert root[0].get("name") == 'a"<\\udcff>.txt'
