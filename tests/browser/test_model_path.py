"""The model path in a real browser, against a real local service: what it adds, what of it is left out, what stands when it fails."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import regex
from openai_server import Answer, Behaviour, Hangs, HangsMidway, OpenAIServer, Request, Says, Status
from playwright.sync_api import Browser, Locator, Page, expect

from coach.knowledge import load_knowledge
from coach.llm import load_prompt
from coach.rewrite.tones import TONES
from coach.settings import knowledge_dir, prompts_dir

from .conftest import BAD_CALL, CONTRAST, SCREENSHOTS, open_page, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODEL = "test-model"
HOLD = "让客户等候之前要说什么？"
INVENTED = "客户等了十五分钟，要送他一个红包"
LINE = "你等一下，我查查"
BETTER = "请您稍等一下，我帮您查查，大约要【时长】，您看可以吗？"
SHORTER = "我查查，请您稍等【时长】，好吗？"
OF_THE_CALL = "给您添麻烦了，我帮您核实一下【事项】，大约需要【时长】，请您在线上稍等，好吗？"
WARMER = "您着急我很理解，我帮您核实一下【事项】，大约需要【时长】，请您稍等，好吗？"
OPENING_MS = 60_000
SLOW = 0.25
"""Seconds between two chunks of eight characters: an answer takes some five."""

KINDS = ["desktop-light", "desktop-dark", "phone-light"]
_CHAT = load_prompt("chat", prompts_dir()).system
_REWRITE = load_prompt("rewrite", prompts_dir()).system
_CRITIC = load_prompt("critic", prompts_dir()).system
_CLAUSES = load_knowledge(knowledge_dir()).clauses
_OFFERED = regex.compile(r"^〔(?P<id>[A-Z]+-\d+)〕", regex.MULTILINE)
_PHRASE = regex.compile(r"^“(?P<said>.+)”$", regex.MULTILINE)


@dataclass
class Service:
    """The model's service: what it does with questions and with lines to rewrite, and what was asked since the test began."""

    chat: Answer
    rewrite: Answer
    critic: Answer = lambda _: Says('{"findings": []}')
    before: int = 0
    server: OpenAIServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = OpenAIServer(self.answer, models=(MODEL,))

    @property
    def chats(self) -> list[Request]:
        """The requests of this test."""
        return self.server.chats[self.before :]

    def answer(self, body: dict[str, Any]) -> Behaviour:
        """By the instructions: a question, or a line to rewrite."""
        system = body["messages"][0]["content"]
        if system == _CHAT:
            assert body["tools"]
            return self.chat(body)
        if system == _CRITIC:
            return self.critic(body)
        assert system == _REWRITE
        return self.rewrite(body)

    def was_left(self, request: Request, within: float = 5) -> bool:
        """Whether the client closes the connection of `request` before it has its answer."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if any(one is request for one in self.server.left(0.1)):
                return True
            time.sleep(0.05)
        return False


def sentences(body: dict[str, Any]) -> list[str]:
    """What a good model says: the first sentence of every clause it was offered, cited, and the first phrase."""
    asked = body["messages"][-1]["content"]
    cited = [m["id"] for m in _OFFERED.finditer(asked)]
    phrase = _PHRASE.search(asked)
    said = [f"{regex.split('[。！？]', _CLAUSES[number].text)[0]}〔{number}〕。" for number in cited]
    return said + ([f"可以这样说：“{phrase['said']}”〔{cited[0]}〕\n"] if phrase else [])


def answered(body: dict[str, Any]) -> Says:
    return Says("".join(sentences(body)))


def answered_slowly(body: dict[str, Any]) -> Says:
    return Says("".join(sentences(body)), delay_seconds_per_chunk=SLOW)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """The service, and the web app that uses it: an app is opened once, since that takes seconds."""
    service = Service(answered, lambda _: Says(BETTER))
    with service.server as server:
        settings = {"COACH_LLM_BASE_URL": server.base_url, "COACH_LLM_MODEL": MODEL, "COACH_LLM_TIMEOUT": "2"}
        with serving(tmp_path_factory.mktemp("data"), **settings) as url:
            yield service, url


@pytest.fixture
def service(desk: tuple[Service, str]) -> Service:
    """The service as a good model: a test says where it isn't."""
    service, _ = desk
    service.before = len(service.server.chats)
    service.chat, service.rewrite = answered, lambda _: Says(BETTER)
    return service


@pytest.fixture
def page(browser: Browser, desk: tuple[Service, str], service: Service) -> Iterator[Page]:
    """The page on a desktop."""
    yield from open_page(browser, desk[1], "desktop", "light")


@pytest.fixture(params=KINDS)
def any_page(
    request: pytest.FixtureRequest, browser: Browser, desk: tuple[Service, str], service: Service
) -> Iterator[Page]:
    """The page at each width and in each scheme that it is made for."""
    yield from open_page(browser, desk[1], *request.param.split("-"))


def _chat(page: Page) -> Locator:
    page.get_by_role("tab", name="话术求助").click()
    field = page.locator("#ss-message-text textarea")
    expect(field).to_be_visible()
    return field


def _say(page: Page, text: str) -> Locator:
    """Send `text`; the exchange it leads to, as far as it has come."""
    turns = page.locator("#ss-chat .ss-turn")
    before = turns.count()
    field = page.locator("#ss-message-text textarea")
    field.fill(text)
    field.press("Enter")
    expect(turns).to_have_count(before + 1, timeout=OPENING_MS)
    return turns.nth(before)


def _fits(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def _shot(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    kind = request.node.callspec.params["any_page"]
    page.screenshot(path=SCREENSHOTS / f"test-{kind}-model-{name}.png")


def _has_contrast(page: Page, root: str, *shown: str) -> None:
    ratios = page.evaluate(CONTRAST, [root, list(shown)])
    assert {name for name, _ in ratios}
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}


def test_an_answer_is_read_while_it_comes_and_its_clauses_open(
    any_page: Page, service: Service, request: pytest.FixtureRequest
) -> None:
    page, service.chat = any_page, answered_slowly
    expect(page.locator("#ss-model")).to_contain_text(f"语言模型：{MODEL}（127.0.0.1，本机）")
    expect(page.locator("#ss-model")).to_contain_text("只在这台电脑上处理")
    _chat(page)
    turn = _say(page, HOLD)
    said = turn.locator(".ss-fluent > li")
    expect(said).to_have_count(1)
    seen = time.monotonic()
    clause = said.first.locator("details")
    clause.locator("summary").click()
    expect(clause.locator("blockquote")).to_be_visible()
    expect(turn).to_contain_text(f"{MODEL}（127.0.0.1，本机）还在说")
    expect(page.locator("#ss-chat-status")).to_contain_text("模型正在回答")
    _shot(page, request, "1-midway")

    expect(turn).to_contain_text("逐句核对过", timeout=20_000)
    assert seen < service.server.sent[-1][-1][1]  # the last of it left the server later
    expect(said).to_have_count(len(sentences(service.chats[0].body)))
    expect(clause).to_have_attribute("open", "")
    expect(clause).to_contain_text("出处：《")
    expect(turn.locator(".ss-quiet")).to_have_count(0)
    expect(page.locator("#ss-chat-status .ss-note")).to_have_count(0)
    page.wait_for_timeout(600)
    _shot(page, request, "2-answer")

    more = turn.locator(".ss-more")
    expect(more.locator(".ss-phrase").first).to_be_hidden()
    more.locator("> summary").click()
    expect(more.locator(".ss-phrase").first).to_be_visible()
    more.scroll_into_view_if_needed()
    _shot(page, request, "3-handbook")
    _has_contrast(page, "#ss-chat", "p", "summary", "h3", ".ss-source", "blockquote")
    _has_contrast(page, ".ss-heading", "#ss-model")
    assert _fits(page)


def test_a_sentence_without_support_is_left_out_and_counted(page: Page, service: Service) -> None:
    def answer(body: dict[str, Any]) -> Says:
        first, *others = sentences(body)
        return Says("".join([first, f"{INVENTED}〔HLD-01〕。", "您记住就行。", *others]))

    service.chat = answer
    _chat(page)
    turn = _say(page, HOLD)
    expect(turn).to_contain_text("逐句核对过，另有 2 句没有通过，略去了")
    expect(turn.locator(".ss-fluent > li")).to_have_count(len(sentences(service.chats[0].body)))
    expect(turn).not_to_contain_text("红包")
    expect(turn).not_to_contain_text("您记住就行")


def test_a_failure_leaves_the_built_in_answer_one_line_why_and_what_is_typed_meanwhile(
    any_page: Page, service: Service, request: pytest.FixtureRequest
) -> None:
    page, service.chat = any_page, lambda _: Status(500)
    field = _chat(page)
    turn = _say(page, HOLD)
    expect(turn.locator(".ss-points > li").first).to_be_visible()
    field.type("下一句先写着")
    note = turn.locator(".ss-quiet")
    expect(note).to_have_text("模型服务出了错，这次由内置教练代答。", timeout=20_000)
    assert len(service.chats) == 3
    expect(turn.locator(".ss-phrase").first).to_be_visible()
    expect(turn.locator(".ss-fluent")).to_have_count(0)
    expect(field).to_have_value("下一句先写着")
    expect(page.locator("#ss-chat-status .ss-note")).to_have_count(0)
    page.wait_for_timeout(600)
    _shot(page, request, "4-fallback")
    _has_contrast(page, "#ss-chat", ".ss-quiet")
    assert _fits(page)


def test_a_model_that_hangs_keeps_nobody_from_the_built_in_answer(page: Page, service: Service) -> None:
    service.chat = lambda _: Hangs(30)
    field = _chat(page)
    turn = _say(page, HOLD)
    expect(turn.locator(".ss-phrase").first).to_be_visible()
    field.type("下一句先写着")
    expect(turn.locator(".ss-quiet")).to_have_text("模型太久没有回应，这次由内置教练代答。", timeout=20_000)
    expect(field).to_have_value("下一句先写着")


def test_what_was_shown_of_an_answer_that_breaks_off_gives_way_to_the_built_in_one(
    page: Page, service: Service
) -> None:
    def answer(body: dict[str, Any]) -> Behaviour:
        return HangsMidway(sentences(body)[0], 30)

    service.chat = answer
    _chat(page)
    turn = _say(page, HOLD)
    expect(turn.locator(".ss-fluent > li")).to_have_count(1)
    expect(turn.locator(".ss-quiet")).to_have_text("模型太久没有回应，这次由内置教练代答。", timeout=20_000)
    expect(turn.locator(".ss-fluent")).to_have_count(0)
    expect(turn.locator(".ss-more")).to_have_count(0)
    expect(turn.locator(".ss-phrase").first).to_be_visible()


def test_a_follow_up_sends_what_was_said_before(page: Page, service: Service) -> None:
    _chat(page)
    first = _say(page, HOLD)
    expect(first).to_contain_text("逐句核对过")
    second = _say(page, "那外呼呢？")
    expect(second).to_contain_text("逐句核对过")
    _, *before, asked = service.chats[-1].body["messages"]
    assert [one["role"] for one in before] == ["user", "assistant"]
    assert before[0]["content"] == HOLD
    assert "HLD-01" in before[1]["content"]
    assert first.locator(".ss-fluent > li p").first.inner_text() in before[1]["content"]
    assert "那外呼呢？" in asked["content"]


def test_a_pasted_line_is_rewritten_at_once_and_by_the_model_afterwards(
    any_page: Page, service: Service, request: pytest.FixtureRequest
) -> None:
    page, service.rewrite = any_page, lambda _: Says(BETTER, first_delay=1)
    _chat(page)
    turn = _say(page, LINE)
    expect(turn.locator(".ss-change")).to_have_count(1)
    expect(page.locator("#ss-chat-status")).to_contain_text("模型也在改这一句")
    expect(turn.get_by_role("heading", name="也可以这样说")).to_be_visible()
    expect(turn.locator(".ss-change")).to_have_count(2)
    expect(turn.locator(".ss-quiet")).to_have_count(0)
    turn.get_by_role("button", name="复制").last.click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == BETTER
    page.wait_for_timeout(3000)
    turn.get_by_role("heading", name="改成这样").scroll_into_view_if_needed()
    _shot(page, request, "5-rewrite")
    _has_contrast(page, "#ss-chat", "h3", "p", "ins", "del", "dt", "dd", ".ss-copy")
    assert _fits(page)


def test_another_tone_is_asked_for_in_words(page: Page, service: Service) -> None:
    _chat(page)
    expect(_say(page, LINE)).to_contain_text("也可以这样说")
    service.rewrite = lambda _: Says(SHORTER)
    turn = _say(page, "再简短一点")
    expect(turn.locator(".ss-change").last).to_contain_text("请您稍等【时长】")
    assert TONES["shorter"] in service.chats[-1].body["messages"][-1]["content"]
    assert LINE in service.chats[-1].body["messages"][-1]["content"]


def test_a_rewrite_that_does_not_pass_is_not_shown(page: Page, service: Service) -> None:
    service.rewrite = lambda _: Says("您好，我保证马上给您全额退款，您放心。")
    _chat(page)
    turn = _say(page, LINE)
    expect(turn.locator(".ss-quiet")).to_have_text("模型的改法没有通过核对，不显示。", timeout=20_000)
    expect(turn).not_to_contain_text("退款")
    expect(turn.locator(".ss-change")).to_have_count(1)


def test_the_reviewed_line_has_the_models_rewrite_beside_it_in_the_tone_chosen(
    any_page: Page, service: Service, request: pytest.FixtureRequest
) -> None:
    page = any_page
    service.rewrite = lambda _: Says(OF_THE_CALL)
    page.get_by_label("通话或单句").fill(BAD_CALL)
    page.get_by_role("button", name="开始点评").click()
    page.locator("#ss-line-3 .ss-go").click()
    other = page.locator("#ss-other")
    expect(other).to_contain_text("第 3 行，语言模型的改法", timeout=20_000)
    expect(other.locator(".ss-change")).to_contain_text("请您在线上稍等")
    service.rewrite = lambda _: Says(WARMER)
    page.locator("#ss-tone").get_by_label("更亲切").check()
    expect(other.locator(".ss-change")).to_contain_text("您着急我很理解", timeout=20_000)
    assert TONES["warmer"] in service.chats[-1].body["messages"][-1]["content"]
    other.scroll_into_view_if_needed()
    _shot(page, request, "6-panel")
    _has_contrast(page, "#ss-rewriting", "h3", "p", "ins", "del", "dt", "dd", ".ss-copy")
    assert _fits(page)


def test_a_model_looks_at_the_call_and_what_does_not_pass_is_left_out(page: Page, service: Service) -> None:
    claims = [
        {"rule": "language.argue", "line": 1, "quote": "没有这句话", "reason": "x"},
        {"rule": "made.up", "line": 3, "quote": "等着啊", "reason": "x"},
    ]
    service.critic = lambda _: Says(json.dumps({"findings": claims}, ensure_ascii=False))
    page.get_by_label("通话或单句").fill(BAD_CALL)
    page.get_by_role("button", name="开始点评").click()
    found = page.locator("#ss-cards .ss-finding")
    expect(found.first).to_be_visible()
    before = found.count()
    page.get_by_role("button", name="请语言模型再看一遍").click()
    expect(page.locator("#ss-looked")).to_contain_text("另外报的 2 处没有通过核对", timeout=20_000)
    assert found.count() == before


def test_clearing_the_conversation_stops_the_model(page: Page, service: Service) -> None:
    service.chat = lambda body: Says("".join(sentences(body)) * 20, delay_seconds_per_chunk=0.1)
    _chat(page)
    turn = _say(page, HOLD)
    expect(turn.locator(".ss-fluent > li").first).to_be_visible()
    page.locator("#ss-clear").click()
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(0)
    assert service.was_left(service.chats[0])
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(0)
    service.chat = answered
    expect(_say(page, HOLD)).to_contain_text("逐句核对过")
    assert len(service.chats[-1].body["messages"]) == 2  # nothing is remembered


@pytest.mark.parametrize(
    "does", [lambda body: Says("".join(sentences(body)) * 20, delay_seconds_per_chunk=0.1), lambda _: Hangs(30)]
)
def test_a_reply_is_stopped_what_was_checked_stays_and_the_next_is_answered(
    page: Page, service: Service, does: Answer
) -> None:
    service.chat = does
    field = _chat(page)
    turn = _say(page, HOLD)
    field.type("下一句先写着")
    page.locator("#ss-stop").click()
    expect(turn.locator(".ss-quiet")).to_contain_text("已经停下", timeout=1_500)
    expect(page.locator("#ss-stop")).to_be_hidden()
    expect(turn.locator(".ss-points > li").first).to_be_visible()
    expect(field).to_have_value("下一句先写着")
    assert service.was_left(service.chats[0])
    service.chat = answered
    expect(_say(page, HOLD)).to_contain_text("逐句核对过")


def test_the_handbook_is_searched_while_a_model_goes_on(page: Page, service: Service) -> None:
    service.chat = lambda body: Says("".join(sentences(body)) * 20, delay_seconds_per_chunk=0.1)
    _chat(page)
    turn = _say(page, HOLD)
    page.get_by_role("tab", name="知识库").click()
    page.locator("#ss-query input, #ss-query textarea").fill("转接前要说什么")
    page.locator("#ss-find").click()
    expect(page.locator("#ss-clauses")).to_contain_text("查“转接前要说什么”")
    page.get_by_role("tab", name="话术求助").click()
    expect(turn).to_contain_text("还在说")
    page.locator("#ss-stop").click()
    expect(turn.locator(".ss-quiet")).to_contain_text("已经停下")
