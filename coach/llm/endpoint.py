"""Where a model is: an endpoint from the settings and the presets in knowledge/models.yaml. Calling it is left to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from coach.errors import InputError
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.settings import Settings

__all__ = ["Endpoint", "Preset", "chat_endpoints", "embedding_endpoint", "load_presets"]

LimitField = Literal["max_tokens", "max_completion_tokens"]


class Preset(Strict):
    """A service by name: where it answers and what it is peculiar about."""

    title: str = Field(min_length=1)
    base_url: str = Field(min_length=1)
    needs_key: bool = False
    model: str | None = None
    embedding_model: str | None = None
    limit_field: LimitField = "max_tokens"
    temperature: bool = True


class _Presets(Strict):
    presets: Mapping[str, Preset]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model at one address.

    Attributes:
        base_url: Address up to and with `/v1`.
        model: The model's name there.
        api_key: Empty where none is needed; never shown.
        timeout: Seconds without a sign of life before a request is given up; a whole answer may take four times that.
        title: What people read: the preset's title, or the host.
        limit_field: The field that limits the answer's tokens.
        temperature: Whether a temperature may be asked for.
    """

    base_url: str
    model: str
    api_key: str = field(repr=False)
    timeout: float
    title: str
    limit_field: LimitField = "max_tokens"
    temperature: bool = True

    @property
    def local(self) -> bool:
        """Whether it is on this machine, so that nothing leaves it."""
        host = urlsplit(self.base_url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def name(self) -> str:
        """Model and service, as people read them."""
        return f"{self.model}（{self.title}{'，本机' if self.local else ''}）"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the settings say of one endpoint; `prefix` names the variables in messages."""

    prefix: str
    preset: str | None
    base_url: str | None
    model: str | None
    api_key: SecretStr | None


def load_presets(folder: Path) -> Mapping[str, Preset]:
    """The presets of `folder`/models.yaml by name; raises KnowledgeError where it can't be used."""
    file = read_yaml(folder / "models.yaml")
    return file.validate(_Presets, file.data).presets


def chat_endpoints(settings: Settings, presets: Mapping[str, Preset]) -> tuple[Endpoint, ...]:
    """The chat model and the one to fall back to, as far as they are set; empty means the built-in coach alone.

    Raises:
        InputError: A preset is unknown, or an address, a model or a key is missing.
    """
    main = _Wanted("COACH_LLM", settings.llm_preset, settings.llm_base_url, settings.llm_model, settings.llm_api_key)
    first = _endpoint(main, presets, settings.llm_timeout, embedding=False)
    other = _Wanted(
        "COACH_LLM_FALLBACK",
        settings.llm_fallback_preset,
        settings.llm_fallback_base_url,
        settings.llm_fallback_model,
        settings.llm_fallback_api_key,
    )
    if first is None:
        if _is_set(other):
            raise InputError("写了备用模型，没有写主模型", where="COACH_LLM_FALLBACK_…", hint="请先设 COACH_LLM_MODEL")
        return ()
    if not (other.preset or other.base_url) and other.model:  # another model at the same place
        other = _Wanted(other.prefix, main.preset, main.base_url, other.model, other.api_key or main.api_key)
    second = _endpoint(other, presets, settings.llm_timeout, embedding=False)
    return (first,) if second is None else (first, second)


def embedding_endpoint(settings: Settings, presets: Mapping[str, Preset]) -> Endpoint | None:
    """The embeddings endpoint; None means the built-in embeddings. Raises InputError as `chat_endpoints` does."""
    wanted = _Wanted(
        "COACH_EMBED", settings.embed_preset, settings.embed_base_url, settings.embed_model, settings.embed_api_key
    )
    return _endpoint(wanted, presets, settings.embed_timeout, embedding=True)


def _is_set(wanted: _Wanted) -> bool:
    return bool(wanted.preset or wanted.base_url or wanted.model)


def _endpoint(wanted: _Wanted, presets: Mapping[str, Preset], timeout: float, *, embedding: bool) -> Endpoint | None:
    if not _is_set(wanted):
        return None
    preset = presets.get(wanted.preset or "")
    if wanted.preset and preset is None:
        raise InputError(
            f"没有“{wanted.preset}”这个预设", where=f"{wanted.prefix}_PRESET", hint=f"可选：{'、'.join(presets)}"
        )
    base_url = wanted.base_url or (preset.base_url if preset else None)
    model = wanted.model or ((preset.embedding_model if embedding else preset.model) if preset else None)
    if not base_url:
        raise InputError(
            "没有写模型在哪里", where=f"{wanted.prefix}_BASE_URL", hint=f"写上地址，或用 {wanted.prefix}_PRESET 选预设"
        )
    if not model:
        raise InputError("没有写用哪个模型", where=f"{wanted.prefix}_MODEL", hint="写上模型的名字")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            "地址要以 http:// 或 https:// 开头", where=f"{wanted.prefix}_BASE_URL", hint="例如 http://127.0.0.1:8081/v1"
        )
    key = wanted.api_key.get_secret_value().strip() if wanted.api_key else ""
    if preset and preset.needs_key and not key and base_url == preset.base_url:
        raise InputError(f"{preset.title}需要密钥", where=f"{wanted.prefix}_API_KEY", hint="写在环境变量或 .env 里")
    return Endpoint(
        base_url=base_url.rstrip("/"),
        model=model,
        api_key=key,
        timeout=timeout,
        title=preset.title if preset and base_url == preset.base_url else parts.hostname,
        limit_field=preset.limit_field if preset else "max_tokens",
        temperature=preset.temperature if preset else True,
    )
