"""Two standards side by side as HTML: parameters, severities, and the side each takes in every conflict. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coach.critique import RulePack
from coach.knowledge import Standard
from coach.knowledge.conflicts import Conflict
from coach.reports.plain import SEVERITY_NAMES
from coach.reports.standards import PARAMETER_NAMES
from coach.web.marks import escape

__all__ = ["compared"]

_OFF = "不判"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    left: str
    right: str
    notes: tuple[str, str] = ("", "")

    @property
    def differs(self) -> bool:
        return self.left != self.right


def compared(
    left: Standard, right: Standard, rules: RulePack, conflicts: Sequence[Conflict], only_different: bool
) -> str:
    """The comparison; with `only_different`, rows that say the same are left out."""
    tables = (
        ("判定的尺度", _parameters(left, right)),
        ("轻重不同于通常的规则", _severities(left, right, rules)),
        ("资料说法不一时，各取哪一边", _choices(left, right, conflicts)),
    )
    shown = "".join(_table(title, rows, left.title, right.title, only_different) for title, rows in tables)
    whys = "".join(f"<dt>{escape(one.title)}</dt><dd>{escape(one.why)}</dd>" for one in _distinct(left, right))
    same = '<p class="ss-note">两边选的是同一份规范。</p>' if left.name == right.name else ""
    return f'<div class="ss-compared">{same}<dl class="ss-facts">{whys}</dl>{shown}</div>'


def _distinct(left: Standard, right: Standard) -> Iterable[Standard]:
    return {one.name: one for one in (left, right)}.values()


def _parameters(left: Standard, right: Standard) -> list[_Row]:
    names = dict.fromkeys((*left.parameters, *right.parameters))
    return [_Row(PARAMETER_NAMES.get(n, n), _value(left.parameters, n), _value(right.parameters, n)) for n in names]


def _value(parameters: Mapping[str, float | tuple[float, ...] | tuple[str, ...]], name: str) -> str:
    value = parameters.get(name)
    if value is None:
        return "未定"
    if not isinstance(value, tuple):
        return f"{value:g}"
    if all(isinstance(part, str) for part in value):
        return "、".join(str(part).replace("-", "—") for part in value)
    return "—".join(f"{float(part):g}" for part in value)


def _severities(left: Standard, right: Standard, rules: RulePack) -> list[_Row]:
    changed = [rule for rule in rules.rules.values() if rule.id in left.severities or rule.id in right.severities]
    return [
        _Row(
            rule.data.name,
            _severity(left.severities.get(rule.id, rule.data.severity)),
            _severity(right.severities.get(rule.id, rule.data.severity)),
        )
        for rule in changed
    ]


def _severity(name: str) -> str:
    return SEVERITY_NAMES.get(name, _OFF)


def _choices(left: Standard, right: Standard, conflicts: Sequence[Conflict]) -> list[_Row]:
    rows = []
    for conflict in conflicts:
        (one, why_one), (other, why_other) = conflict.chosen(left.name), conflict.chosen(right.name)
        rows.append(_Row(conflict.question, one.title, other.title, (why_one, why_other)))
    return rows


def _table(title: str, rows: Sequence[_Row], left: str, right: str, only_different: bool) -> str:
    different = [row for row in rows if row.differs]
    shown = different if only_different else rows
    count = f"共 {len(rows)} 项，{len(different)} 项不同" if rows else ""
    head = f'<h3>{title}<span class="ss-count">{count}</span></h3>'
    if not shown:
        return f'{head}<p class="ss-note">{"没有不同。" if rows else "两份规范都没有改动。"}</p>'
    return (
        f'{head}<table class="ss-table"><thead><tr><th scope="col">项目</th><th scope="col">{escape(left)}</th>'
        f'<th scope="col">{escape(right)}</th></tr></thead><tbody>{"".join(_row(row) for row in shown)}</tbody></table>'
    )


def _row(row: _Row) -> str:
    kind, flag = (' class="ss-differs"', '<span class="ss-flag">不同</span>') if row.differs else ("", "")
    cells = "".join(
        f"<td><p>{escape(value)}</p>{f'<p class=ss-source>{escape(note)}</p>' if note else ''}</td>"
        for value, note in zip((row.left, row.right), row.notes, strict=True)
    )
    return f'<tr{kind}><th scope="row">{escape(row.name)}{flag}</th>{cells}</tr>'
