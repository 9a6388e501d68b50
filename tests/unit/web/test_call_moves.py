"""What stands behind 模拟通话: moves of a call, keeping it on disk, one's own scenarios, the fields that set it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coach.assistant import Coach
from coach.errors import InputError, ServiceError
from coach.llm import Model
from coach.llm.failure import failure
from coach.llm.scripted import SCRIPTED, scripted
from coach.roleplay import Setup, load_personas, load_scenarios
from coach.roleplay.from_text import scenario_from_text
from coach.storage import Store
from coach.web.call_form import form_of, scenario_of
from coach.web.call_moves import begun, gone_back, hinted, hung_up, noted, shown_try, spoken
from coach.web.call_saving import CallBook
from coach.web.call_scenarios import Shelf
from coach.web.call_session import Session, Terms
from coach.web.call_told import CHECK, scenarios_told, uploaded_call
from coach.web.call_wording import Wordings

SCENARIO = "broadband-slow-after-upgrade"
TEXT = "钱先生，宽带用户，上周五办了提速却没变快，电话是13900002101，路由器还是五年前的。他想把网速弄好。"


def _begun(coach: Coach, scenario: str = SCENARIO, exam: bool = False) -> Session:
    persona = load_personas(coach.folder)["plain-enquirer"]
    setup = Setup(persona, load_scenarios(coach.folder)[scenario], seed=3, rings=2)
    return begun(coach.player, setup, Terms(exam=exam, trainee="小王"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[CallBook]:
    store = Store.open(None, tmp_path)
    yield CallBook(lambda: store, tmp_path / "notes")
    store.close()


def _say(coach: Coach, book: CallBook, session: Session, line: str, now: float = 0.0, **how: str) -> Session:
    return book.keep(session, spoken(coach.player, session, line, now, **how))  # type: ignore[arg-type]


def test_a_call_with_all_its_tries_is_read_again_as_it_was(coach: Coach, book: CallBook) -> None:
    session = book.begin(_begun(coach))
    session = _say(coach, book, session, "您好，星桥通信，工号2016，请问有什么可以帮您？")
    session = book.keep(session, hinted(session, "restate"))
    session = _say(coach, book, session, "我查一下，大约一分钟，请您稍等，可以吗？", 100.0, act="hold")
    session = _say(coach, book, session, "感谢您的等候。", 145.5)
    session = _say(
        coach, book, session, "这件事由技术部处理，我帮您转过去，可以吗？", act="transfer", to="技术部，分机 8001"
    )
    session = book.keep(session, gone_back(session, 4))
    session = book.keep(session, noted(session, {"电话": " 13900002101 ", "来电人": "钱先生", "单位": ""}))
    session = _say(coach, book, session, "您是说上周五提速以后网速一直没有变快，对吗？")
    again, warnings = book.open_call(session.id, coach.knowledge, coach.folder)
    assert again == session
    assert warnings == ()
    assert again.attempts[0].held == {4: 45.5}
    assert again.attempts[0].passed_to == {6: "技术部，分机 8001"}
    assert again.attempt.hints == {2: "restate"}
    assert again.attempt.held == {}
    assert again.pad == {"来电人": "钱先生", "电话": "13900002101"}


def test_an_unfinished_call_is_offered_until_it_ends(coach: Coach, book: CallBook) -> None:
    session = book.begin(_begun(coach))
    session = _say(coach, book, session, "您好，请问有什么可以帮您？")
    waiting = book.unfinished()
    assert waiting is not None
    assert (waiting.id, waiting.turns, waiting.trainee) == (session.id, 2, "小王")
    session = book.keep(session, hung_up(coach.player, session))
    assert book.unfinished() is None
    assert book.open_call(session.id, coach.knowledge, coach.folder)[0].call.outcome == "unresolved"


def test_an_outbound_call_is_kept_with_the_customer_s_first_words(coach: Coach, book: CallBook) -> None:
    session = book.begin(_begun(coach, "renew-expiring-card"))
    assert len(session.call.turns) == 1
    assert book.open_call(session.id, coach.knowledge, coach.folder)[0] == session


def test_two_pages_playing_the_same_call_do_not_overwrite_each_other(coach: Coach, book: CallBook) -> None:
    session = book.begin(_begun(coach))
    _say(coach, book, session, "您好，请问有什么可以帮您？")
    with pytest.raises(InputError):
        _say(coach, book, session, "您好，星桥通信，请讲。")


def test_what_is_deleted_goes_with_what_lies_beside_it(coach: Coach, book: CallBook, tmp_path: Path) -> None:
    kept = [book.keep(one, noted(one, {"事由": "改期"})) for one in (book.begin(_begun(coach)) for _ in range(3))]
    assert len(list((tmp_path / "notes").glob("*.json"))) == 3
    book.delete(kept[0].id)
    assert not (tmp_path / "notes" / f"{kept[0].id}.json").exists()
    assert book.delete_older_than(1) == 0
    assert book.delete_older_than(0) == 2
    assert list((tmp_path / "notes").iterdir()) == []
    assert book.calls() == ()


def test_a_spoilt_file_beside_a_call_does_not_stop_it(coach: Coach, book: CallBook, tmp_path: Path) -> None:
    session = book.begin(_begun(coach))
    session = book.keep(session, noted(session, {"事由": "改期"}))
    (tmp_path / "notes" / f"{session.id}.json").write_text("{", encoding="utf-8")
    assert book.open_call(session.id, coach.knowledge, coach.folder)[0].pad == {}


def test_a_store_that_cannot_be_opened_is_told_each_time(tmp_path: Path) -> None:
    def fails() -> Store:
        raise ServiceError("打不开", where="库")

    book = CallBook(fails, tmp_path)
    for _ in range(2):
        with pytest.raises(ServiceError):
            book.unfinished()


def test_only_the_newest_try_is_played_on_and_only_an_agent_s_line_gone_back_to(coach: Coach) -> None:
    session = spoken(coach.player, _begun(coach), "您好，请问有什么可以帮您？", 0.0)
    again = gone_back(session, 0)
    assert again.at == 1
    assert len(again.attempts[0].call.turns) == 2
    with pytest.raises(InputError, match="留作对照"):
        spoken(coach.player, shown_try(again, 0), "您好", 0.0)
    for turn in (1, 7, -1):
        with pytest.raises(InputError, match="找不到"):
            gone_back(session, turn)
    with pytest.raises(InputError):
        shown_try(again, 2)


def test_an_exam_has_one_try_and_no_hints(coach: Coach) -> None:
    session = spoken(coach.player, _begun(coach, exam=True), "您好，请问有什么可以帮您？", 0.0)
    with pytest.raises(InputError, match="一次机会"):
        gone_back(session, 0)
    with pytest.raises(InputError, match="没有提示"):
        hinted(session, "offer")


def test_a_transfer_names_somebody_and_a_blank_line_says_nothing(coach: Coach) -> None:
    session = _begun(coach)
    with pytest.raises(InputError, match="转给谁"):
        spoken(coach.player, session, "我帮您转过去", 0.0, act="transfer", to="  ")
    with pytest.raises(InputError, match="还没有说话"):
        spoken(coach.player, session, "  ", 0.0, act="hold")


def test_two_sentences_become_a_form_and_the_changed_form_a_scenario() -> None:
    base = scenario_from_text(TEXT)
    form = form_of(base)
    assert scenario_of(form, base) == base
    changed = scenario_of(
        replace(
            form,
            title="提速没用",
            caller="钱志远先生",
            want="退掉提速",
            facts=f"{form.facts}\n单号｜CH50917｜单号是CH50917\n路灯｜坏了｜门口路灯坏了｜问了才说",
            settle="安排师傅上门检测\n退掉提速的钱",
        ),
        base,
    )
    assert (changed.title, changed.caller.name, changed.caller.title) == ("提速没用", "钱志远", "先生")
    order = next(fact for fact in changed.facts if fact.kind == "order")
    assert (order.value, order.hidden) == ("CH50917", False)
    lamp = changed.facts[-1]
    assert (lamp.kind, lamp.ask, lamp.hidden) == ("other", ("路灯",), True)
    assert {"上门", "检测"} <= set(changed.settle[0].words)
    assert set(base.problem) <= set(changed.problem)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("title", " ", "场景名"),
        ("want", "", "想要什么"),
        ("story", "\n \n", "事情经过"),
        ("story", "\n".join(f"第{i}件事" for i in range(9)), "最多 8 行"),
        ("facts", "电话", "第 1 条看不懂"),
        ("facts", "电话｜139｜电话是138", "要有“139”"),
        ("caller", "abc123", "来电人"),
        ("want", "想" * 300, "太长"),
    ],
)
def test_what_a_form_lacks_is_said_by_field(field: str, text: str, message: str) -> None:
    base = scenario_from_text(TEXT)
    with pytest.raises(InputError, match=message):
        scenario_of(replace(form_of(base), **{field: text}), base)


def test_every_shipped_scenario_survives_its_form(coach: Coach) -> None:
    for scenario in load_scenarios(coach.folder).values():
        assert scenario_of(form_of(scenario), scenario) == scenario


def test_one_s_own_scenario_is_kept_listed_and_found(coach: Coach, tmp_path: Path) -> None:
    shelf = Shelf(coach.folder, tmp_path / "scenarios")
    scenario = scenario_from_text(TEXT)
    kept = shelf.keep(scenario)
    assert kept.title == scenario.title
    assert shelf.scenario(kept.id) == kept
    assert shelf.keep(scenario).id != kept.id
    assert shelf.keep(kept).id == kept.id
    labels = [label for label, _ in shelf.scenario_choices()]
    assert sum(label.startswith("我的 · ") for label in labels) == 2
    (tmp_path / "scenarios" / "坏的.yaml").write_text("id: [", encoding="utf-8")
    assert "坏的.yaml" in shelf.own()[1][0]


def test_a_call_is_worded_by_the_model_there_is_and_what_it_tells_is_told_once(coach: Coach) -> None:
    assert Wordings().of("a", coach) is None
    _, chat_of = scripted("我家宽带提速了，网速一点没变快，怎么回事？", failure("timeout"), "")
    model = Model((SCRIPTED,), chat_of=chat_of, sleep=lambda _: None)
    wordings, with_model = Wordings(), replace(coach, model=model)
    told = wordings.of("a", with_model)
    assert told is not None
    assert wordings.of("a", with_model) is told
    assert wordings.of("b", with_model) is not told
    session = spoken(coach.player, _begun(coach), "您好，请问有什么可以帮您？", 0.0, wording=told.wording)
    session = spoken(coach.player, session, "您是说提速以后网速一直没有变快，对吗？", 0.0, wording=told.wording)
    assert session.call.turns[3].source == "builtin"
    assert "用内置的说法" in "".join(told.taken())
    assert told.taken() == ()


def test_sentences_and_calls_are_told_apart(coach: Coach) -> None:
    ((written, said),) = scenarios_told(TEXT, coach)
    assert written is not None
    assert (written.caller.name, said) == ("钱", CHECK)
    call = "坐席：您好，请问有什么可以帮您？\n客户：我家宽带昨晚断了。\n坐席：我帮您登记报修，师傅明天上门。"
    ((made, said),) = scenarios_told(call, coach)
    assert made is not None
    assert "宽带" in made.story[0]
    assert "整理出来" in said
    with pytest.raises(InputError):
        list(scenarios_told(" ", coach))
    with pytest.raises(InputError):
        uploaded_call(None)


def test_a_draft_stands_first_and_those_that_suit_come_first(coach: Coach, tmp_path: Path) -> None:
    shelf = Shelf(coach.folder, tmp_path)
    draft = scenario_from_text(TEXT)
    assert shelf.scenario_choices(draft)[0] == (f"刚写的 · {draft.title}", draft.id)
    assert shelf.scenario(draft.id, draft) is draft
    with pytest.raises(InputError):
        shelf.scenario(draft.id)
    scenario = load_scenarios(coach.folder)[SCENARIO]
    names = [name for name, _ in shelf.persona_choices(scenario)]
    assert names[0].endswith("（合适）")
    assert len(names) == len(shelf.personas)
    assert all(shelf.drawn(seed, SCENARIO)[0].id != SCENARIO for seed in range(200))
