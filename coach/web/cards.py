"""The call as HTML, a card a line, each with its findings and their clauses. Pure; what the call says is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from coach.critique import Finding
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.rewrite import Rewrite
from coach.transcripts import Turn
from coach.web.clauses import clause
from coach.web.marks import change, escape, highlighted
from coach.web.reviewed import SHOWN_LINES, Reviewed

__all__ = ["cards"]

_CERTAIN = 0.9
_MINUTE = 60


def cards(reviewed: Reviewed) -> str:
    """Every line shown, the findings about the whole call first."""
    found = reviewed.by_line()
    out = [_whole(found.get(None, ()), reviewed)]
    for no, turn in enumerate(reviewed.transcript.turns[:SHOWN_LINES], start=1):
        out.append(_card(no, turn, found.get(no, ()), reviewed))
    if reviewed.hidden:
        out.append(
            f'<p class="ss-note">这通电话共 {len(reviewed.transcript.turns)} 行，这里只显示前 {SHOWN_LINES} 行。'
            f"其余 {reviewed.hidden} 行的问题已计入上面的统计，请下载文件查看。</p>"
        )
    return f'<div class="ss-cards">{"".join(out)}</div>'


def _whole(findings: Sequence[Finding], reviewed: Reviewed) -> str:
    if not findings:
        return ""
    listed = _findings(findings, reviewed)
    return f'<article class="ss-card {_classes(findings)}"><header><b>整通电话</b></header>{listed}</article>'


def _card(no: int, turn: Turn, findings: Sequence[Finding], reviewed: Reviewed) -> str:
    time = "" if turn.start is None else f"<time>{_clock(turn.start)}</time>"
    rewrite = _rewrite(no, reviewed) if no in reviewed.faulty else ""
    return (
        f'<article class="ss-card {turn.speaker} {_classes(findings)}" id="ss-line-{no}">'
        f'<header><span class="ss-no">{no}</span><b>{SPEAKER_NAMES[turn.speaker]}</b>{time}</header>'
        f'<p class="ss-said">{highlighted(turn.text, findings)}</p>'
        f"{_findings(findings, reviewed)}{rewrite}</article>"
    )


def _classes(findings: Sequence[Finding]) -> str:
    kinds = dict.fromkeys(finding.severity for finding in findings)
    dismissed = ["dismissed"] if any(finding.dismissed for finding in findings) else []
    return " ".join(f"has-{kind}" for kind in [*kinds, *dismissed])


def _clock(seconds: float) -> str:
    return f"{int(seconds) // _MINUTE:02d}:{int(seconds) % _MINUTE:02d}"


def _findings(findings: Sequence[Finding], reviewed: Reviewed) -> str:
    if not findings:
        return ""
    items = "".join(_finding(number, finding, reviewed) for number, finding in enumerate(findings, start=1))
    return f'<ol class="ss-findings">{items}</ol>'


def _finding(number: int, finding: Finding, reviewed: Reviewed) -> str:
    name = reviewed.names.get(finding.rule, finding.rule)
    place = "整通电话" if finding.line is None else f"第 {finding.line} 行"
    sure = (
        f'<span class="ss-sure">把握 {round(finding.confidence * 100)}%</span>' if finding.confidence < _CERTAIN else ""
    )
    act, label, kind = ("restore", "恢复", " dismissed") if finding.dismissed else ("dismiss", "驳回", "")
    title = escape(f"{place}，{name}")
    head = (
        f'<p class="ss-finding-head"><span class="ss-number">{number}</span>'
        f'<span class="ss-badge {finding.severity}">{SEVERITY_NAMES[finding.severity]}</span>'
        f"<b>{_struck(name, finding)}</b>{sure}"
        f'<button type="button" class="ss-{act}" aria-label="{label}：{title}">{label}</button></p>'
    )
    why = f'<p class="ss-ruling">已驳回：{escape(finding.dismissed.reason)}</p>' if finding.dismissed else ""
    clauses = "".join(clause(citation) for citation in finding.citations)
    return (
        f'<li class="ss-finding {finding.severity}{kind}" id="ss-finding-{finding.line or 0}-{number}" '
        f'data-rule="{escape(finding.rule)}" data-line="{finding.line or ""}" data-title="{title}">{head}'
        f"<p>{_struck(finding.message, finding)}</p>"
        f'<p class="ss-advice">{_struck(f"建议：{finding.advice}", finding)}</p>{why}{clauses}</li>'
    )


def _struck(text: str, finding: Finding) -> str:
    return f"<s>{escape(text)}</s>" if finding.dismissed else escape(text)


def _rewrite(no: int, reviewed: Reviewed) -> str:
    rewrite = reviewed.rewrites.get(no)
    if rewrite is None:
        return f'<div class="ss-rewrite"><p class="ss-rewrite-head">{_button(no, "改写这一句")}</p></div>'
    if rewrite.status == "unchanged":
        return ""
    head = "改写（已核对）" if rewrite.status == "verified" else "改写"
    return f'<div class="ss-rewrite {rewrite.status}"><p class="ss-rewrite-head">{head}</p>{_shown(no, rewrite)}</div>'


def _shown(no: int, rewrite: Rewrite) -> str:
    if rewrite.status == "rejected" or rewrite.rewrite is None:
        return f"<p>没有哪种改法能通过核对，请照上面的建议自己组织。{_button(no, '看原因和条款')}</p>"
    slots = "、".join(rewrite.verdict.slots)
    act = f"填写{slots}并复制" if slots else "复制这一句"
    return f'<p class="ss-change">{change(rewrite.original, rewrite.rewrite)}</p><p>{_button(no, act)}</p>'


def _button(no: int, text: str) -> str:
    return f'<button type="button" class="ss-go" data-line="{no}" aria-label="第 {no} 行，{escape(text)}">{escape(text)}</button>'
