"""A scenario as a form of plain text, and back: what a trainer changes before it is used. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

import regex
from pydantic import ValidationError

from coach.errors import InputError
from coach.lexicon import words
from coach.roleplay import Scenario
from coach.roleplay.scenario import Caller, Direction, Fact, FactKind, Settlement

__all__ = ["DIRECTIONS", "FACT_HINT", "ScenarioForm", "form_of", "scenario_of"]

DIRECTIONS: Mapping[str, Direction] = {
    "客户打来": "inbound",
    "我们打出去": "outbound",
    "客户打来找别人": "proxy",
    "客户打来留言": "message",
}
"""What each direction of a call is called."""

FACT_HINT = "一行一条：叫什么｜内容｜客户怎么说。问了才肯说的，行尾加“｜问了才说”"
_KINDS: Mapping[str, FactKind] = {
    "姓名": "name",
    "电话": "phone",
    "地址": "address",
    "单号": "order",
    "账号": "account",
    "金额": "amount",
    "时间": "time",
    "日期": "date",
    "数量": "quantity",
    "型号": "model",
    "地点": "place",
}
_TITLES = {kind: title for title, kind in _KINDS.items()}
_HIDDEN = "问了才说"
_CALLER = regex.compile(r"(?P<name>\p{Han}{1,4}?)(?P<title>先生|女士|小姐|阿姨|大爷|大妈|老师|师傅|经理|同学|老板)?")
_WHERE = "场景"
_MOST_STORY, _MOST_FACTS = 8, 12
_BAR = regex.compile(r"\s*[｜|]\s*")


@dataclass(frozen=True, slots=True)
class ScenarioForm:
    """The fields as text; `story`, `facts` and `settle` have a line for each."""

    title: str
    caller: str
    direction: str
    story: str
    want: str
    facts: str
    settle: str


def form_of(scenario: Scenario) -> ScenarioForm:
    """`scenario` as a form."""
    return ScenarioForm(
        scenario.title,
        f"{scenario.caller.name}{scenario.caller.title}",
        next(title for title, direction in DIRECTIONS.items() if direction == scenario.direction),
        "\n".join(scenario.story),
        scenario.want,
        "\n".join(_fact_line(fact) for fact in scenario.facts),
        "\n".join(one.title for one in scenario.settle),
    )


def _fact_line(fact: Fact) -> str:
    return "｜".join([_name(fact), fact.value, fact.say, *([_HIDDEN] if fact.hidden else [])])


def _name(fact: Fact) -> str:
    return _TITLES.get(fact.kind) or (fact.ask[0] if fact.ask else "其他")


def scenario_of(form: ScenarioForm, base: Scenario) -> Scenario:
    """The scenario that the form says; what the form doesn't show stays as in `base`.

    Raises:
        InputError: A field is missing, too long, or a line of facts can't be read.
    """
    title, want = form.title.strip(), form.want.strip()
    story, facts = _lines(form.story), _facts(form.facts, base)
    for text, name in ((title, "场景名"), (story, "事情经过"), (want, "想要什么")):
        if not text:
            raise InputError(f"“{name}”还空着", where=_WHERE, hint="填上再用")
    if len(story) > _MOST_STORY:
        raise InputError(f"“事情经过”最多 {_MOST_STORY} 行", where=_WHERE, hint="合并几行，或删去次要的")
    settle = _settlements(form.settle, base)
    changed = {
        "title": title,
        "caller": _caller(form.caller),
        "direction": DIRECTIONS.get(form.direction, base.direction),
        "story": tuple(story),
        "want": want,
        "want_say": base.want_say if want == base.want else (),
        "problem": _problem(base, [*story, want, *(one.title for one in settle)], facts),
        "facts": facts,
        "settle": settle,
        "prefers": base.prefers if base.prefers in {one.id for one in settle} else None,
    }
    try:
        return Scenario.model_validate({**base.model_dump(), **changed})
    except ValidationError as error:
        field = str(error.errors(include_url=False)[0]["loc"][0])
        raise InputError(
            f"“{_NAMES.get(field, field)}”里有一项太长或不完整", where=_WHERE, hint="改短一点再试"
        ) from error


_NAMES = {
    "title": "场景名",
    "caller": "来电人",
    "story": "事情经过",
    "want": "想要什么",
    "facts": "知道的信息",
    "settle": "怎样算解决",
}


def _lines(text: str) -> list[str]:
    return [line.strip(" 　。；;") for line in text.splitlines() if line.strip(" 　。；;")]


def _caller(text: str) -> Caller:
    found = _CALLER.fullmatch(text.strip())
    if not text.strip():
        return Caller()
    if found is None:
        raise InputError("“来电人”认不出来", where=_WHERE, hint="写姓名加称呼，例如：钱志远先生、王女士")
    return Caller(name=found["name"], title=found["title"] or "")


def _facts(text: str, base: Scenario) -> tuple[Fact, ...]:
    lines = _lines(text)
    if len(lines) > _MOST_FACTS:
        raise InputError(f"“知道的信息”最多 {_MOST_FACTS} 条", where=_WHERE, hint="删去用不上的")
    known = {(_name(fact), fact.value): fact for fact in base.facts}
    facts: list[Fact] = []
    for no, line in enumerate(lines, start=1):
        fact = _fact(_BAR.split(line), no, known)
        taken = {one.id for one in facts}
        facts.append(fact if fact.id not in taken else fact.model_copy(update={"id": f"new{no}"}))
    return tuple(facts)


def _fact(parts: Sequence[str], no: int, known: Mapping[tuple[str, str], Fact]) -> Fact:
    hidden = parts[-1] == _HIDDEN
    parts = parts[:-1] if hidden else parts
    if len(parts) not in {2, 3} or not all(parts):
        raise InputError(f"“知道的信息”第 {no} 条看不懂", where=_WHERE, hint=FACT_HINT)
    name, value, say = parts[0], parts[1], parts[2] if len(parts) == 3 else f"{parts[0]}是{parts[1]}"
    if value not in say:
        raise InputError(
            f"“知道的信息”第 {no} 条：客户的说法里要有“{value}”", where=_WHERE, hint="照内容原样写进说法里"
        )
    before = known.get((name, value))
    if before is not None:
        return before.model_copy(update={"say": say, "hidden": hidden})
    kind = _KINDS.get(name, "other")
    ask = () if kind != "other" or name == "其他" else (name,)
    return Fact(id=f"new{no}", kind=kind, value=value, say=say, ask=ask, hidden=hidden)


def _settlements(text: str, base: Scenario) -> tuple[Settlement, ...]:
    known = {one.title: one for one in base.settle}
    return tuple(
        known.get(title) or Settlement(id=f"way{no}", title=title, words=_telling(title) or (title,))
        for no, title in enumerate(_lines(text), start=1)
    )


def _telling(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words(text) if len(word) > 1))


def _problem(base: Scenario, told: Sequence[str], facts: Sequence[Fact]) -> tuple[str, ...]:
    """Words that speak of the problem: those there were, and those of what was written anew."""
    old = {*base.story, base.want, *(one.title for one in base.settle)}
    new = [text for text in told if text not in old]
    values = "".join(fact.value for fact in facts)
    more = [word for text in new for word in _telling(text) if word not in values]
    most = 40
    return tuple(dict.fromkeys([*base.problem, *more]))[:most]


assert set(_KINDS.values()) <= set(cast("tuple[str, ...]", get_args(FactKind)))
