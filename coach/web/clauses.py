"""What the handbook and the phrase bank hold, as HTML: clauses, phrases, conflicts. Pure; everything is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from coach.knowledge import Citation, Clause, Phrase, Source
from coach.knowledge.conflicts import Conflict, Side
from coach.web.marks import escape, with_slots

__all__ = ["COPY", "clause", "clause_cards", "conflict_list", "copy_button", "phrase_list", "sides"]

_TITLES = {
    "000_cadfe8a157d70ec5.txt": "电话礼仪培训",
    "001_c5e1714c0fee8b40.txt": "热线亲和力与营销培训",
    "002_f8902c4daa9515fd.txt": "客服部工作流程",
    "003_7a3ad841646d0658.txt": "电话营销与呼叫中心规范",
    "004_5a38955cd789a7be.txt": "电话接听规范用语",
}
_TONES = {"formal": "正式", "warm": "亲切", "brief": "简短"}

COPY = """
element.addEventListener('click', async (event) => {
  const button = event.target.closest('.ss-copy');
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.text); button.textContent = '已复制'; }
  catch { button.textContent = '没能复制，请选中文字自己复制'; }
  setTimeout(() => { button.textContent = '复制'; }, 2500);
});
"""
"""What a component that holds copy buttons does when it is loaded."""


def clause(citation: Citation, lead: str = "依据 ") -> str:
    """A clause behind one click: number, title, text, and where it comes from."""
    return (
        f'<details class="ss-clause"><summary>{lead}{escape(citation.clause)}　{escape(citation.title)}</summary>'
        f"<blockquote>{escape(citation.text)}</blockquote>"
        f'<p class="ss-source">{_sources(citation.sources)}</p></details>'
    )


def _sources(sources: Iterable[Source]) -> str:
    return "出处：" + "；".join(_source(source) for source in sources)


def _source(source: Source) -> str:
    title = _TITLES.get(source.document, source.document)
    return f"《{escape(title)}》{escape(source.section)}"


def clause_cards(clauses: Sequence[Clause]) -> str:
    """Clauses in full, a card each."""
    return f'<div class="ss-cards">{"".join(_clause_card(one) for one in clauses)}</div>'


def _clause_card(one: Clause) -> str:
    asked = "".join(f"<li>{escape(question)}</li>" for question in one.asked_as)
    also = f'<details class="ss-clause"><summary>常见问法</summary><ul>{asked}</ul></details>' if asked else ""
    return (
        f'<article class="ss-card ss-entry" data-clause="{html.escape(one.id)}">'
        f'<header><span class="ss-no">{escape(one.id)}</span><span>{escape(one.chapter)}</span></header>'
        f'<h4>{escape(one.title)}</h4><p>{escape(one.text)}</p><p class="ss-source">{_sources(one.sources)}</p>{also}'
        "</article>"
    )


def copy_button(text: str) -> str:
    """A button that copies `text`, where the component that holds it runs COPY."""
    return (
        f'<button type="button" class="ss-go ss-copy" data-text="{html.escape(text)}" aria-live="polite">复制</button>'
    )


def phrase_list(phrases: Sequence[Phrase], clauses: Mapping[str, Clause] | None = None) -> str:
    """Phrases with their slots set apart and a copy button each; with `clauses`, also what each rests on and its tone."""
    items = "".join(
        f'<li class="ss-phrase"><p>{with_slots(phrase.text)}</p>{copy_button(phrase.text)}'
        f"{_grounds(phrase, clauses) if clauses else ''}</li>"
        for phrase in phrases
    )
    hint = '<p class="ss-note">【】里的内容，请换成实际情况再说。</p>' if any(p.slots for p in phrases) else ""
    return f'<ul class="ss-phrases">{items}</ul>{hint}'


def _grounds(phrase: Phrase, clauses: Mapping[str, Clause]) -> str:
    tone = f'<span class="ss-tone">{_TONES[phrase.tone]}</span>' if phrase.tone in _TONES else ""
    cited = [clauses[i] for i in phrase.clauses]
    quoted = "".join(
        f"<blockquote><b>{escape(one.id)}　{escape(one.title)}</b><br>{escape(one.text)}</blockquote>"
        f'<p class="ss-source">{_sources(one.sources)}</p>'
        for one in cited
    )
    ids = "、".join(one.id for one in cited)
    return f"""<div class="ss-grounds">{tone}<details class="ss-clause"><summary>依据 {escape(ids)}</summary>{quoted}</details></div>"""


def conflict_list(conflicts: Sequence[Conflict], clauses: Mapping[str, Clause], standard: str, title: str) -> str:
    """Every conflict behind one click, with the side that the standard called `standard` takes."""
    items = []
    for conflict in conflicts:
        chosen, why = conflict.chosen(standard)
        items.append(
            f'<details class="ss-conflict"><summary>{escape(conflict.question)}'
            f'<span class="ss-takes">{escape(title)}：{escape(chosen.title)}</span></summary>'
            f"{sides(conflict, chosen, title, why, clauses)}</details>"
        )
    return f'<div class="ss-conflicts">{"".join(items)}</div>'


def sides(conflict: Conflict, chosen: Side, title: str, why: str, clauses: Mapping[str, Clause]) -> str:
    """The sides of one conflict, each with its clauses, and which one the standard called `title` takes and why."""
    items = "".join(
        f'<li class="{"ss-chosen" if side.id == chosen.id else ""}"><p><b>{escape(side.title)}</b>'
        f"{'<span class=ss-taken>采用</span>' if side.id == chosen.id else ''}</p>"
        f"{''.join(clause(Citation.of(clauses[i])) for i in side.clauses)}</li>"
        for side in conflict.sides
    )
    return (
        f'<ul class="ss-sides">{items}</ul>'
        f'<p class="ss-why">{escape(title)}取“{escape(chosen.title)}”：{escape(why)}</p>'
    )
