"""The tab 知识库: the handbook by chapter and by search, phrases by situation, conflicts, and two standards compared."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

import gradio as gr
import regex

from coach.errors import InputError
from coach.knowledge import Clause, Knowledge
from coach.web.boundary import Updates, guarded, guarded_steps, note
from coach.web.clauses import COPY, clause_cards, conflict_list, phrase_list
from coach.web.coaches import Coaches
from coach.web.compare import compared
from coach.web.marks import escape

__all__ = ["library_tab"]

_ID = regex.compile(r"([A-Za-z]{3})\s*[-–—]?\s*(\d{1,3})")
_RESULTS = 8
_MOST_TYPED = 200
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def library_tab(coaches: Coaches, standard: gr.Dropdown) -> None:
    """The tab's components and events, laid out where this is called; `standard` is the dropdown of standards."""
    with gr.Tabs(elem_id="ss-library"):
        with gr.Tab("手册条款", id="clauses"):
            _handbook(coaches)
        with gr.Tab("常用话术", id="phrases"):
            _phrases(coaches)
        with gr.Tab("资料分歧", id="conflicts") as conflicts:
            _conflicts(coaches, standard, conflicts)
        with gr.Tab("对照规范", id="standards") as standards:
            _standards(coaches, standards)


def clause_named(query: str, clauses: dict[str, Clause]) -> Clause | None:
    """The clause that `query` names by its id, however it is typed; None where it names none by form.

    Raises:
        InputError: It has the form of an id, but there is no such clause.
    """
    match = _ID.fullmatch(unicodedata.normalize("NFKC", query).strip())
    if match is None:
        return None
    name = f"{match[1].upper()}-{int(match[2]):02d}"
    if name in clauses:
        return clauses[name]
    if any(known.startswith(f"{match[1].upper()}-") for known in clauses):
        raise InputError(f"手册里没有编号 {name} 的条款", hint="请核对编号，或写几个词来查")
    return None


def _chapter(knowledge: Knowledge, title: str) -> str:
    found = [clause for clause in knowledge.clauses.values() if clause.chapter == title]
    return f"<h3>{escape(title)}<span class='ss-count'>{len(found)} 条</span></h3>{clause_cards(found)}"


def _handbook(coaches: Coaches) -> None:
    knowledge = coaches.base.knowledge
    chapters = Counter(clause.chapter for clause in knowledge.clauses.values())
    first = next(iter(chapters))
    with gr.Row(elem_id="ss-handbook"):
        with gr.Column(scale=2, min_width=260, elem_classes="ss-choose"):
            query = gr.Textbox(
                label="查条款",
                placeholder="写一个问题、几个词，或编号，如 HLD-04",
                max_lines=1,
                max_length=_MOST_TYPED,
                elem_id="ss-query",
            )
            find = gr.Button("查找", variant="primary", elem_id="ss-find")
            status = gr.HTML(elem_id="ss-find-status", js_on_load=None)
            choices = [(f"{title}（{count}）", title) for title, count in chapters.items()]
            chapter = gr.Radio(choices, value=first, label="按章看", elem_id="ss-chapters", elem_classes="ss-menu")
        with gr.Column(scale=5, min_width=300):
            shown = gr.HTML(_chapter(knowledge, first), js_on_load=None, elem_id="ss-clauses")

    @guarded_steps(status)
    def search(typed: str | None) -> Iterator[Updates]:
        wanted = (typed or "").strip()
        if not wanted:
            raise InputError("还没有写要找什么", hint="写一个问题、几个词，或条款编号")
        named = clause_named(wanted, dict(knowledge.clauses))
        if named is None:
            yield {status: note("正在查手册……" if coaches.ready else "正在准备知识库，第一次要等几秒钟……")}
            html = _found(coaches, wanted)
        else:
            html = f"<h3>编号 {escape(named.id)}</h3>{clause_cards([named])}"
        yield {shown: html, status: "", chapter: None}

    @guarded(status)
    def open_chapter(title: str | None) -> Updates:
        return {shown: _chapter(knowledge, title), status: ""} if title else {status: ""}

    gr.on(
        [find.click, query.submit],
        search,
        query,
        [shown, status, chapter],
        trigger_mode="once",
        **_QUIET,
    )
    chapter.input(open_chapter, chapter, [shown, status], **_QUIET)


def _found(coaches: Coaches, wanted: str) -> str:
    coach = coaches.opened(None)
    found = coach.search(wanted, _RESULTS)
    if not found.results:
        return '<p class="ss-note">没有找到。换几个词试试。</p>'
    notes = "" if found.answered else '<p class="ss-note">手册里没有直接说到这个问题，下面是最接近的条款。</p>'
    if not coach.retriever.has_vectors:
        notes += '<p class="ss-note">这台电脑不支持按意思查找，这次只按字词查了手册。</p>'
    if coach.retriever.note:
        notes += f'<p class="ss-note ss-quiet">{escape(coach.retriever.note)}</p>'
    head = f"<h3>查“{escape(wanted)}”<span class='ss-count'>{len(found.results)} 条</span></h3>"
    return head + notes + clause_cards([result.clause for result in found.results])


def _phrases(coaches: Coaches) -> None:
    knowledge = coaches.base.knowledge
    counts = Counter(phrase.situation for phrase in knowledge.phrases.values())
    choices = [(f"{one.title}（{counts[one.id]}）", one.id) for one in knowledge.situations.values() if counts[one.id]]
    first = choices[0][1]
    with gr.Row():
        with gr.Column(scale=2, min_width=260, elem_classes="ss-choose"):
            situation = gr.Radio(
                choices, value=first, label="按情景看", elem_id="ss-situations", elem_classes="ss-menu"
            )
        with gr.Column(scale=5, min_width=300):
            shown = gr.HTML(_situation(knowledge, first), js_on_load=COPY, elem_id="ss-phrases")

    @guarded(shown)
    def choose(name: str | None) -> Updates:
        return {shown: _situation(knowledge, name) if name else ""}

    situation.input(choose, situation, [shown], **_QUIET)


def _situation(knowledge: Knowledge, name: str) -> str:
    phrases = [phrase for phrase in knowledge.phrases.values() if phrase.situation == name]
    title = knowledge.situations[name].title
    return f"<h3>{escape(title)}<span class='ss-count'>{len(phrases)} 句</span></h3>{phrase_list(phrases, knowledge.clauses)}"


def _conflicts(coaches: Coaches, standard: gr.Dropdown, tab: gr.Tab) -> None:
    shown = gr.HTML(js_on_load=None, elem_id="ss-conflicts")

    @guarded(shown)
    def listed(name: str | None) -> Updates:
        coach = coaches.under(name)
        chosen = coach.standard
        intro = (
            f'<p class="ss-note">几份资料有 {len(coach.conflicts)} 处说法不一。点开看各方的条款，'
            f"以及“{escape(chosen.title)}”取哪一边、为什么；页面上方可以换规范。</p>"
        )
        return {shown: intro + conflict_list(coach.conflicts, coach.knowledge.clauses, chosen.name, chosen.title)}

    gr.on([tab.select, standard.change], listed, [standard], [shown], **_QUIET)


def _standards(coaches: Coaches, tab: gr.Tab) -> None:
    choices = list(coaches.choices)
    with gr.Row(elem_id="ss-compare"):
        left = gr.Dropdown(
            choices, value=choices[0][1], label="规范甲", filterable=False, elem_id="ss-left", min_width=150
        )
        other = choices[1 if len(choices) > 1 else 0][1]
        right = gr.Dropdown(choices, value=other, label="规范乙", filterable=False, elem_id="ss-right", min_width=150)
    different = gr.Checkbox(value=True, label="只看不同", container=False, elem_id="ss-different")
    shown = gr.HTML(js_on_load=None, elem_id="ss-compared")

    @guarded(shown)
    def compare(one: str | None, two: str | None, only: bool) -> Updates:
        base = coaches.base
        pair = coaches.under(one).standard, coaches.under(two).standard
        return {shown: compared(*pair, base.rules, base.conflicts, only)}

    given = [left, right, different]
    gr.on([tab.select, *(field.change for field in given)], compare, given, [shown], **_QUIET)
