"""A scored call as JSON, Markdown, Word and Excel: everything in it, quoted as said, and nothing in it that a program would run."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import docx
import openpyxl
import pytest
import regex

from coach.assistant import Coach
from coach.reports.scorecard import STATUS_NAMES, ScoredCall, scorecard_data
from coach.reports.scorecard_docx import scorecard_docx
from coach.reports.scorecard_markdown import scorecard_markdown
from coach.reports.scorecard_xlsx import scorecard_xlsx
from coach.scoring import Mood, Played, drills, next_practice, score
from coach.transcripts import Transcript, Turn, parse_text

CALL = """坐席：喂，说单号。
客户：=HYPERLINK("http://x.example","点我")，我的包裹丢了五天了，急死我了！
坐席：+86 是国内的，没保价你还想赔多少？
客户：@所有人 看看这<b>什么</b>态度😀𠮷！
坐席：-您等一下。
客户：|*行*|
坐席：# 好的，再见。
"""
MOODS = (Mood(1, 6, 4, 6), Mood(3, 8.25, 2, 3), Mood(5, 8.5, 1.5, 2))


def scored_call(coach: Coach, transcript: Transcript) -> ScoredCall:
    critique = coach.critique(transcript)
    card = score(critique, coach.rubric, Played("escalated", MOODS, hints=1))
    return ScoredCall(
        critique,
        card,
        {rule.id: rule.data.name for rule in coach.rules.rules.values()},
        {3: coach.rewrite(transcript, 3), 5: coach.rewrite(transcript, 5)},
        next_practice(card, drills("parcel-lost")),
        {"refund-not-arrived": "退货签收了退款没到"},
        (("场景", "包裹丢了"), ("人设", "完全失控")),
    )


@pytest.fixture(scope="module")
def scored(coach: Coach) -> ScoredCall:
    return scored_call(coach, parse_text(CALL))


def test_data_holds_the_card_its_evidence_and_the_clauses_text(scored: ScoredCall) -> None:
    data = json.loads(json.dumps(scorecard_data(scored), ensure_ascii=False))
    assert (data["total"], data["outcome"], data["hints"]) == (scored.card.total, "escalated", 1)
    assert set(data["groups"]) == set(scored.card.groups)
    assert data["rubric"]["hash"] == scored.card.hash
    respect = next(check for check in data["checks"] if check["id"] == "respect")
    assert respect["status"] == "failed"
    assert respect["evidence"][0] == {"line": 3, "speaker": "agent", "text": scored.critique.transcript.turns[2].text}
    assert all(citation["text"] for citation in respect["citations"])
    assert [line["text"] for line in data["lines"]] == [turn.text for turn in scored.critique.transcript.turns]
    assert data["lines"][4]["rewrite"] == scored.rewritten(5) != ""
    assert data["lines"][1]["rewrite"] is None
    assert [mood["emotion"] for mood in data["moods"]] == [6, 8.25, 8.5]
    assert [one["id"] for one in data["practice"]] == [one.checked.item.id for one in scored.practice]


def test_markdown_shows_every_check_line_and_clause_and_runs_nothing(scored: ScoredCall) -> None:
    text = scorecard_markdown(scored)
    assert "<b>" not in text
    assert r"\|\*行\*\|" in text
    assert "\n# 好的" not in text
    for checked in scored.card.checks:
        assert f"**{STATUS_NAMES[checked.status]}** " in text
    for heading in ("接下来练什么", "逐项检查", "逐句回放", "客户的情绪", "依据的条款"):
        assert f"\n## {heading}\n" in text
    assert "| 3 | 8.25 | 2 | 3 |" in text
    assert "退货签收了退款没到（法律型）" in text


def test_a_real_call_has_no_moods_and_no_outcome(coach: Coach) -> None:
    critique = coach.critique(parse_text(CALL))
    plain = ScoredCall(critique, score(critique, coach.rubric), {})
    text = scorecard_markdown(plain)
    assert "客户的情绪" not in text
    assert "| 结果 |" not in text
    assert scorecard_data(plain)["moods"] == []
    assert openpyxl.load_workbook(BytesIO(scorecard_xlsx(plain))).sheetnames == ["概况", "逐项检查", "逐句回放", "条款"]


def test_the_document_opens_and_holds_what_was_said(scored: ScoredCall) -> None:
    document = docx.Document(BytesIO(scorecard_docx(scored)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for turn in scored.critique.transcript.turns:
        assert turn.text in text
    for checked in scored.card.checks:
        assert checked.item.title in text
    assert [cell.text for cell in document.tables[-1].rows[2].cells] == ["3", "8.25", "2", "3"]
    assert document.styles["Normal"].font.name == "Microsoft YaHei"


def test_no_cell_of_the_workbook_is_a_formula_and_texts_stay_as_said(scored: ScoredCall) -> None:
    content = scorecard_xlsx(scored)
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@"]
    said = {cell.value for cell in book["逐句回放"]["C"]}
    assert {turn.text for turn in scored.critique.transcript.turns} <= said
    assert {cell.value[0] for cell in risky} == set("=+-@")
    assert all(cell.quotePrefix for cell in risky)
    with ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if regex.match(r"xl/worksheets/sheet\d", name)]
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    assert not any("<hyperlink" in sheet for sheet in sheets)


def test_the_workbook_has_summary_checks_replay_moods_and_clauses(scored: ScoredCall) -> None:
    book = openpyxl.load_workbook(BytesIO(scorecard_xlsx(scored)))
    assert book.sheetnames == ["概况", "逐项检查", "逐句回放", "客户情绪", "条款"]
    assert book["逐项检查"].max_row == len(scored.card.checks) + 1
    assert [cell.value for cell in book["客户情绪"][3]] == [3, 8.25, 2, 3]
    summary = {row[0].value: row[1].value for row in book["概况"].iter_rows()}
    assert summary["总分"] == f"{scored.card.total}（满分 100）"
    assert summary["流程"] == scored.card.groups["流程"]


def test_what_documents_can_not_hold_is_shown_not_dropped(coach: Coach) -> None:
    odd = "您好\x1b[31m\ud800，" + "长" * 40_000
    call = Transcript((Turn("agent", odd), Turn("customer", "\x00\ufffe？")))
    scored = scored_call(
        coach, Transcript((*call.turns, Turn("agent", "好。"), Turn("customer", "行。"), Turn("agent", "再见。")))
    )
    text = "\n".join(p.text for p in docx.Document(BytesIO(scorecard_docx(scored))).paragraphs)
    assert r"\x1b[31m\ud800" in text
    cell = openpyxl.load_workbook(BytesIO(scorecard_xlsx(scored)))["逐句回放"]["C2"].value
    assert cell.startswith(r"您好\x1b[31m\ud800")
    assert len(cell) == 32_767
    assert cell.endswith("…")
