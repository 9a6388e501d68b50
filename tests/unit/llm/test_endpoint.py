"""Endpoints from settings and presets: what is taken from where, and what is told when something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coach.errors import InputError, KnowledgeError
from coach.llm.endpoint import Endpoint, Preset, chat_endpoints, embedding_endpoint, load_presets
from coach.settings import Settings

OLLAMA = "http://127.0.0.1:11434/v1"


@pytest.fixture(scope="module")
def presets(root: Path) -> Mapping[str, Preset]:
    return load_presets(root / "knowledge")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COACH_{name.upper()}", raising=False)


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def test_nothing_set_means_the_built_in_coach(presets: Mapping[str, Preset]) -> None:
    assert chat_endpoints(settings(), presets) == ()
    assert embedding_endpoint(settings(), presets) is None


def test_a_key_alone_sets_no_model(presets: Mapping[str, Preset]) -> None:
    assert chat_endpoints(settings(llm_api_key="sk-1"), presets) == ()


def test_the_eight_services_are_there_and_only_hosted_ones_need_a_key(presets: Mapping[str, Preset]) -> None:
    needs = {name: preset.needs_key for name, preset in presets.items()}
    hosted = dict.fromkeys(["openai", "deepseek", "dashscope", "zhipu", "moonshot"], True)
    assert needs == hosted | dict.fromkeys(["ollama", "vllm", "llama.cpp"], False)
    assert all(preset.base_url.startswith("https://") for preset in presets.values() if preset.needs_key)


def test_a_preset_gives_address_model_and_peculiarities(presets: Mapping[str, Preset]) -> None:
    (endpoint,) = chat_endpoints(settings(llm_preset="openai", llm_model="gpt-x", llm_api_key=" sk-1 "), presets)
    assert (endpoint.base_url, endpoint.model, endpoint.api_key) == ("https://api.openai.com/v1", "gpt-x", "sk-1")
    assert (endpoint.limit_field, endpoint.temperature) == ("max_completion_tokens", False)
    assert (endpoint.name, endpoint.local) == ("gpt-x（OpenAI）", False)
    assert "sk-1" not in repr(endpoint)


def test_a_preset_may_name_the_model_itself(presets: Mapping[str, Preset]) -> None:
    (endpoint,) = chat_endpoints(settings(llm_preset="deepseek", llm_api_key="sk-1"), presets)
    assert endpoint.model == "deepseek-chat"


def test_an_address_of_ones_own_goes_before_the_preset_and_needs_no_key(presets: Mapping[str, Preset]) -> None:
    mine = settings(llm_preset="deepseek", llm_base_url="https://gate.example/v1/", llm_model="m")
    (endpoint,) = chat_endpoints(mine, presets)
    assert (endpoint.base_url, endpoint.title) == ("https://gate.example/v1", "gate.example")


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost:1/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.5/v1", False),
        ("https://localhost.example/v1", False),
        ("https://127.0.0.1.example/v1", False),
        ("https://127.0.0.1@evil.example/v1", False),
    ],
)
def test_only_the_loopback_is_this_machine(address: str, local: bool) -> None:
    endpoint = Endpoint(address, "m", "", 1.0, "x")
    assert endpoint.local is local
    assert ("本机" in endpoint.name) is local


def test_a_fallback_model_alone_is_at_the_same_place_with_the_same_key(presets: Mapping[str, Preset]) -> None:
    main, other = chat_endpoints(
        settings(llm_preset="deepseek", llm_api_key="sk-1", llm_fallback_model="deepseek-reasoner", llm_timeout=9),
        presets,
    )
    assert (other.base_url, other.api_key, other.title) == (main.base_url, "sk-1", "DeepSeek")
    assert (other.model, other.timeout) == ("deepseek-reasoner", 9)


def test_a_fallback_elsewhere_never_gets_the_first_models_key(presets: Mapping[str, Preset]) -> None:
    local = settings(
        llm_preset="deepseek", llm_api_key="sk-1", llm_fallback_preset="ollama", llm_fallback_model="qwen3"
    )
    _, other = chat_endpoints(local, presets)
    assert (other.base_url, other.api_key) == (OLLAMA, "")


def test_embeddings_have_settings_of_their_own(presets: Mapping[str, Preset]) -> None:
    endpoint = embedding_endpoint(settings(embed_preset="zhipu", embed_api_key="k", embed_timeout=7), presets)
    assert endpoint is not None
    assert (endpoint.model, endpoint.timeout) == ("embedding-3", 7)
    assert chat_endpoints(settings(embed_preset="zhipu", embed_api_key="k"), presets) == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"llm_preset": "nope"}, ("COACH_LLM_PRESET", "nope", "deepseek")),
        ({"llm_preset": "ollama"}, ("COACH_LLM_MODEL",)),
        ({"llm_model": "m"}, ("COACH_LLM_BASE_URL", "COACH_LLM_PRESET")),
        ({"llm_base_url": "127.0.0.1:8080/v1", "llm_model": "m"}, ("COACH_LLM_BASE_URL", "http://")),
        ({"llm_base_url": "http:///v1", "llm_model": "m"}, ("COACH_LLM_BASE_URL",)),
        ({"llm_base_url": "file:///etc/passwd", "llm_model": "m"}, ("COACH_LLM_BASE_URL",)),
        ({"llm_preset": "deepseek"}, ("COACH_LLM_API_KEY", "DeepSeek")),
        ({"llm_preset": "deepseek", "llm_api_key": "  "}, ("COACH_LLM_API_KEY",)),
        ({"llm_fallback_model": "m"}, ("COACH_LLM_FALLBACK", "COACH_LLM_MODEL")),
        (
            {"llm_base_url": OLLAMA, "llm_model": "m", "llm_fallback_preset": "moonshot"},
            ("COACH_LLM_FALLBACK_MODEL",),
        ),
    ],
)
def test_what_is_missing_or_wrong_is_told_with_the_settings_name(
    presets: Mapping[str, Preset], given: dict[str, str], words: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as told:
        chat_endpoints(settings(**given), presets)
    assert all(word in str(told.value) for word in words), str(told.value)


def test_an_embeddings_service_without_a_model_is_told(presets: Mapping[str, Preset]) -> None:
    with pytest.raises(InputError, match="COACH_EMBED_MODEL"):
        embedding_endpoint(settings(embed_preset="deepseek", embed_api_key="k"), presets)


def test_a_faulty_file_of_presets_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "models.yaml").write_text("presets:\n  mine:\n    title: 我的\n    adress: x\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"models\.yaml"):
        load_presets(tmp_path)
