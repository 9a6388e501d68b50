"""`coach doctor` against a real local server: what each part of it does well or badly, and what is said to mend."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openai_server import (
    Answer,
    Behaviour,
    Cuts,
    Empty,
    Hangs,
    Html,
    InvalidJson,
    Loops,
    OpenAIServer,
    Request,
    Says,
    Status,
    refused_port,
)

from coach.cli.main import run
from coach.llm.doctor import Check, checkup, privacy
from coach.llm.endpoint import Endpoint
from coach.settings import Settings

NAMES = ["设置", "连接", "对话", "流式", "工具调用", "结构化输出", "备用模型", "向量", "隐私", "知识库"]
SENTENCE = "铃响三声之内接起，先问好，再报单位。"
ADVICE = '{"rings": 3, "advice": "三声之内接起"}'
KEY = "sk-very-secret"
STORE = Check("知识库", "ok", "有")

Doctor = Callable[..., dict[str, Check]]
Runner = Callable[..., SimpleNamespace]


def able(body: dict[str, Any]) -> Behaviour:
    """A service that can do everything."""
    if body.get("tools"):
        return Says("", tool_calls=(("search_handbook", {"topic": "转接电话"}),))
    return Says(ADVICE if body.get("response_format") else SENTENCE)


def but(tools: Behaviour | None = None, schema: Behaviour | None = None, said: Behaviour | None = None) -> Answer:
    """`able`, but for a request with tools, with a schema, or with neither."""

    def answer(body: dict[str, Any]) -> Behaviour:
        other = tools if body.get("tools") else schema if body.get("response_format") else said
        return other or able(body)

    return answer


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COACH_{name.upper()}", raising=False)


@pytest.fixture
def doctor(root: Path) -> Doctor:
    def call(server: OpenAIServer | str, **more: Any) -> dict[str, Check]:
        address = server if isinstance(server, str) else server.base_url
        given = {"llm_base_url": address, "llm_model": "test-model", "llm_timeout": 5.0, **more}
        checks = list(checkup(Settings(_env_file=None, **given), root / "knowledge", root / "prompts", lambda: STORE))
        assert [check.name for check in checks] == NAMES
        return {check.name: check for check in checks}

    return call


def statuses(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.status for name, check in checks.items() if name not in {"设置", "知识库"}}


def test_a_service_that_can_do_everything_is_all_right(doctor: Doctor) -> None:
    with OpenAIServer(able) as server:
        checks = doctor(
            server, llm_fallback_model="other", embed_base_url=server.base_url, embed_model="e", llm_api_key=KEY
        )
    assert {check.status for check in checks.values()} == {"ok"}
    assert "64 维" in checks["向量"].text
    assert "other" in checks["备用模型"].text
    assert "不离开这台电脑" in checks["隐私"].text
    assert [chat.body["model"] for chat in server.chats] == ["test-model"] * 3 + ["other"]
    assert all(chat.body["max_tokens"] <= 400 for chat in server.chats)
    assert KEY not in repr(checks)


def test_without_a_model_the_built_in_coach_is_named_and_nothing_is_asked(root: Path) -> None:
    settings = Settings(_env_file=None)
    checks = list(checkup(settings, root / "knowledge", root / "prompts", lambda: STORE))
    assert [check.name for check in checks] == NAMES
    assert "内置教练" in checks[0].text
    assert {check.status for check in checks[1:7]} == {"skipped"}
    assert {check.status for check in (checks[0], *checks[7:])} == {"ok"}


def test_each_check_is_there_as_soon_as_it_is_done(root: Path) -> None:
    with OpenAIServer(able) as server:
        settings = Settings(_env_file=None, llm_base_url=server.base_url, llm_model="test-model")
        checks = checkup(settings, root / "knowledge", root / "prompts", lambda: STORE)
        assert (next(checks).name, len(server.requests)) == ("设置", 0)
        assert (next(checks).name, len(server.requests)) == ("连接", 1)
        assert (next(checks).name, len(server.chats)) == ("对话", 1)


def test_a_model_that_is_not_listed_is_a_warning_with_what_is_listed(doctor: Doctor) -> None:
    with OpenAIServer(able, models=("qwen3", "evil\x1b[31m")) as server:
        checks = doctor(server)
    assert checks["连接"].status == "warning"
    assert "qwen3" in checks["连接"].hint
    assert "\x1b" not in checks["连接"].hint
    assert checks["对话"].status == "ok"


def test_a_tag_that_the_service_adds_to_the_name_is_no_difference(doctor: Doctor) -> None:
    with OpenAIServer(able, models=("test-model:latest",)) as server:
        assert doctor(server)["连接"].status == "ok"


@pytest.mark.parametrize("fault", [Status(404), Html(), InvalidJson(), Status(403), Status(500)])
def test_a_service_that_lists_no_models_may_still_answer(doctor: Doctor, fault: Status | Html | InvalidJson) -> None:
    with OpenAIServer(able, fault=lambda _: fault) as server:
        checks = doctor(server)
    assert (checks["连接"].status, checks["对话"].status) == ("warning", "ok")


def test_where_nobody_listens_the_rest_is_skipped(doctor: Doctor) -> None:
    port = refused_port()
    checks = doctor(f"http://127.0.0.1:{port}/v1")
    assert (checks["连接"].status, checks["连接"].text) == ("failed", "连不上模型")
    assert all(word in checks["连接"].hint for word in ("COACH_LLM_BASE_URL", f"127.0.0.1:{port}", "NO_PROXY"))
    assert [checks[name].status for name in NAMES[2:6]] == ["skipped"] * 4


def test_a_service_that_says_nothing_is_given_up_after_the_time_that_is_set(doctor: Doctor) -> None:
    with OpenAIServer(able, fault=lambda _: Hangs(9)) as server:
        checks = doctor(server, llm_timeout=0.3)
    assert checks["连接"].status == "failed"
    assert "COACH_LLM_TIMEOUT" in checks["连接"].hint


def test_an_address_with_a_password_is_shown_without_it(doctor: Doctor) -> None:
    checks = doctor(f"http://me:pass@127.0.0.1:{refused_port()}/v1")
    assert "pass" not in repr(checks)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Status(401), ("密钥", "COACH_LLM_API_KEY")),
        (Status(404), ("没有这个模型", "COACH_LLM_MODEL", "/v1")),
        (Status(429, headers={"Retry-After": "40"}), ("请求太多", "40 秒")),
        (Status(500), ("出了错", "日志")),
        (Status(400), ("不接受", "对话模型")),
        (Html(), ("OpenAI 的接口", "127.0.0.1")),
        (Empty(), ("什么也没说",)),
        (InvalidJson(), ("读不懂", "登录")),
        (Cuts("铃响"), ("代理",)),
        (Loops("您好，请讲。", 90), ("重复", "大一些")),
    ],
)
def test_a_chat_that_fails_says_what_to_mend(doctor: Doctor, said: Behaviour, words: Sequence[str]) -> None:
    with OpenAIServer(lambda _: said) as server:
        checks = doctor(server, llm_api_key=KEY)
    failed = checks["对话"]
    assert failed.status == "failed"
    assert all(word in failed.text + failed.hint for word in words), failed
    assert [checks[name].status for name in ("流式", "工具调用", "结构化输出")] == ["skipped"] * 3
    assert KEY not in repr(checks)


def test_a_service_that_cannot_stream_is_told_apart_from_one_that_cannot_answer(doctor: Doctor) -> None:
    with OpenAIServer(lambda body: InvalidJson() if body.get("stream") else Says(SENTENCE)) as server:
        checks = doctor(server)
    assert (checks["对话"].status, checks["流式"].status) == ("ok", "failed")
    assert "整段" in checks["流式"].text


def test_a_stream_in_one_piece_is_a_warning_and_the_first_of_many_is_timed(doctor: Doctor) -> None:
    with OpenAIServer(but(said=Says(SENTENCE, chunk=200))) as server:
        assert doctor(server)["流式"].status == "warning"
    with OpenAIServer(but(said=Says(SENTENCE, chunk=3, first_delay=0.3, delay_seconds_per_chunk=0.05))) as server:
        checks = doctor(server)
    first, whole = (float(re.findall(r"(\d+\.\d) 秒", checks[name].text)[0]) for name in ("流式", "对话"))
    assert 0.3 <= first < whole
    assert checks["流式"].text.endswith("分 6 次送到")


@pytest.mark.parametrize(
    "tools",
    [
        Says("转接前先说明原因。"),
        Says("", tool_calls=(("search_handbook", {}),)),
        Says("", tool_calls=(("search_handbook", "{oops"),)),
        Says("", tool_calls=(("rm_rf", {"topic": "转接"}),)),
        Says('{"name": "search_handbook", "arguments": {"topic": "转接"}}'),
        Status(400),
    ],
)
def test_a_model_that_does_not_use_tools_well_is_a_warning(doctor: Doctor, tools: Behaviour) -> None:
    with OpenAIServer(but(tools=tools)) as server:
        checks = doctor(server)
    assert (checks["工具调用"].status, checks["结构化输出"].status) == ("warning", "ok")


@pytest.mark.parametrize("schema", [Status(400), Says("好的，三声之内接起。"), Says('{"rings": "三"}')])
def test_json_without_a_schema_is_a_warning(doctor: Doctor, schema: Behaviour) -> None:
    with OpenAIServer(but(schema=schema, said=Says(f"好的：\n```json\n{ADVICE}\n```"))) as server:
        assert doctor(server)["结构化输出"].status == "warning"


def test_no_json_at_all_fails_and_says_what_is_lost(doctor: Doctor) -> None:
    with OpenAIServer(but(schema=Says(SENTENCE))) as server:
        failed = doctor(server)["结构化输出"]
    assert failed.status == "failed"
    assert "内置教练" in failed.hint


def test_a_fallback_is_asked_even_where_the_first_model_fails(doctor: Doctor) -> None:
    with OpenAIServer(able) as server:
        checks = doctor(
            f"http://127.0.0.1:{refused_port()}/v1",
            llm_fallback_base_url=server.base_url,
            llm_fallback_model="other",
        )
    assert (checks["连接"].status, checks["备用模型"].status) == ("failed", "ok")


def test_a_fallback_that_fails_is_told_by_its_own_settings(doctor: Doctor) -> None:
    with OpenAIServer(lambda body: Status(401) if body["model"] == "other" else able(body)) as server:
        failed = doctor(server, llm_fallback_model="other")["备用模型"]
    assert failed.status == "failed"
    assert "other" in failed.text
    assert "COACH_LLM_FALLBACK_API_KEY" in failed.hint


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Status(401), ("COACH_EMBED_API_KEY",)),
        (Status(404), ("COACH_EMBED_MODEL",)),
        (Html(), ("COACH_EMBED_BASE_URL",)),
    ],
)
def test_embeddings_that_fail_are_told_by_their_own_settings(
    doctor: Doctor, fault: Status | Html, words: Sequence[str]
) -> None:
    def only_embeddings(request: Request) -> Status | Html | None:
        return fault if request.path.endswith("embeddings") else None

    with OpenAIServer(able, fault=only_embeddings) as server:
        checks = doctor(server, embed_base_url=server.base_url, embed_model="e")
    assert checks["向量"].status == "failed"
    assert all(word in checks["向量"].hint for word in words), checks["向量"]
    assert statuses(checks)["对话"] == "ok"


def test_what_leaves_the_machine_is_told() -> None:
    away, plain = (Endpoint(f"{way}://api.example/v1", "m", "", 1.0, "例") for way in ("https", "http"))
    home = Endpoint("http://127.0.0.1:1/v1", "m", "", 1.0, "家")
    assert privacy((home,), mask=False).status == "ok"
    masked, open_, unencrypted = (
        privacy((home, away), mask=True),
        privacy((away,), mask=False),
        privacy((plain,), mask=True),
    )
    assert (masked.status, open_.status, unencrypted.status) == ("ok", "warning", "warning")
    assert all("api.example" in check.text for check in (masked, open_, unencrypted))
    assert "127.0.0.1" not in masked.text
    assert "COACH_MASK" in open_.hint
    assert "没有加密" in unencrypted.text


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Runner:
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path_factory.getbasetemp() / "coach-data"))

    def call(*arguments: str, **env: str) -> SimpleNamespace:
        for name, value in env.items():
            monkeypatch.setenv(f"COACH_{name.upper()}", value)
        with pytest.raises(SystemExit) as stop:
            run(("doctor", *arguments))
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


def test_the_command_without_a_model_is_content(cli: Runner) -> None:
    result = cli()
    assert (result.code, result.err) == (0, "")
    first, *_, last = result.out.splitlines()
    assert first.startswith("✓ 设置")
    assert "内置教练" in first
    assert last == "一切正常。"
    assert "索引" in result.out


def test_the_command_prints_json_with_what_was_found(cli: Runner) -> None:
    with OpenAIServer(able) as server:
        result = cli("--format", "json", llm_base_url=server.base_url, llm_model="test-model", llm_api_key=KEY)
    data = json.loads(result.out)
    assert result.code == 0
    assert data["schema_version"] == 1
    assert [check["name"] for check in data["checks"]] == NAMES
    assert all(set(check) == {"name", "status", "text", "hint"} for check in data["checks"])
    assert "COACH_LLM_API_KEY（环境变量）" in data["checks"][0]["text"]
    assert KEY not in result.out + result.err
    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests)


def test_the_command_says_that_a_key_stands_in_the_file(cli: Runner, tmp_path: Path) -> None:
    with OpenAIServer(able) as server:
        lines = (f"COACH_LLM_BASE_URL={server.base_url}", "COACH_LLM_MODEL=test-model", f"COACH_LLM_API_KEY={KEY}")
        (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
        result = cli()
    assert (result.code, "COACH_LLM_API_KEY（.env 文件）" in result.out) == (0, True)
    assert KEY not in result.out


def test_a_service_that_fails_makes_exit_code_three_and_a_line_to_mend(cli: Runner) -> None:
    result = cli(llm_base_url=f"http://127.0.0.1:{refused_port()}/v1", llm_model="m")
    assert result.code == 3
    lines = result.out.splitlines()
    (at,) = (i for i, line in enumerate(lines) if line.startswith("✗ 连接"))
    assert "→" in lines[at + 1]
    assert "– 对话、流式、工具调用、结构化输出：先修好连接，没有检查" in lines
    assert "有 1 处要修" in lines[-1]


def test_warnings_leave_exit_code_zero(cli: Runner) -> None:
    with OpenAIServer(but(tools=Says(SENTENCE))) as server:
        result = cli(llm_base_url=server.base_url, llm_model="test-model")
    assert result.code == 0
    assert "! 工具调用" in result.out
    assert "1 处要留意" in result.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"llm_preset": "nope"}, ("COACH_LLM_PRESET", "nope")),
        ({"llm_preset": "deepseek"}, ("COACH_LLM_API_KEY",)),
        ({"embed_base_url": "x", "embed_model": "m"}, ("COACH_EMBED_BASE_URL",)),
        ({"llm_timeout": "long"}, ("COACH_LLM_TIMEOUT", "数字")),
        ({"llm_timeout": "0"}, ("COACH_LLM_TIMEOUT", "大于 0")),
        ({"mask": "maybe"}, ("COACH_MASK", "true")),
        ({"standard": "nope"}, ("nope",)),
    ],
)
def test_bad_settings_get_one_line_and_exit_code_two(cli: Runner, env: dict[str, str], words: Sequence[str]) -> None:
    result = cli(**env)
    assert (result.code, result.out, len(result.err.strip().splitlines())) == (2, "", 1)
    assert all(word in result.err for word in words), result.err


def test_an_index_that_is_broken_is_told_with_its_folder(cli: Runner, tmp_path: Path) -> None:
    place = str(tmp_path / "data")
    assert "刚建好" in cli(data_dir=place).out
    (database,) = Path(place).glob("index/*/chroma.sqlite3")
    database.write_bytes(b"junk" * 1000)
    sys.modules["chromadb"].api.client.SharedSystemClient.clear_system_cache()  # as another process would see it
    result = cli(data_dir=place)
    assert result.code == 3
    assert all(word in result.out for word in ("✗ 知识库", "索引坏了", place, "删掉"))


def test_a_folder_that_cannot_be_written_is_told(cli: Runner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = cli(data_dir=str(tmp_path / "file"))
    assert result.code == 3
    assert "COACH_DATA_DIR" in result.out


def test_no_socket_is_opened_without_a_model(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: opened.append(address))
    assert cli().code == 0
    assert opened == []
