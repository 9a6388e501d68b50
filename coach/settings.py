"""The only reader of the environment and of default paths.

Settings come from the environment or a `.env` file in the working directory, each name prefixed `COACH_`.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

__all__ = ["Settings", "knowledge_dir", "prompts_dir"]

_PACKAGE = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """What a user may set: `COACH_STANDARD`, `COACH_DATA_DIR`, `COACH_RULES`, `COACH_DATABASE_URL`, `COACH_LLM_…`, `COACH_EMBED_…`, `COACH_MASK`."""

    model_config = SettingsConfigDict(env_prefix="COACH_", env_file=".env", extra="ignore")

    standard: str = Field(default="default", description="name of the standard, or a path to a YAML file")
    data_dir: Path | None = Field(default=None, description="where the coach keeps what it saves")
    database_url: SecretStr | None = Field(
        default=None, description="address of a PostgreSQL database for saved calls; a file in data_dir if blank"
    )
    rules: Path | None = Field(
        default=None, description="folder of the user's own rule packs, read after the shipped ones"
    )
    llm_preset: str | None = Field(default=None, description="a service by name, see knowledge/models.yaml")
    llm_base_url: str | None = Field(default=None, description="address of an OpenAI-compatible endpoint, with /v1")
    llm_model: str | None = Field(default=None, description="name of the chat model")
    llm_api_key: SecretStr | None = Field(default=None, description="key of the endpoint, if it wants one")
    llm_timeout: float = Field(default=30.0, gt=0, le=600, description="seconds without a sign of life")
    llm_fallback_preset: str | None = Field(default=None, description="as llm_preset, for the model to fall back to")
    llm_fallback_base_url: str | None = Field(default=None, description="its address; the first model's if blank")
    llm_fallback_model: str | None = Field(default=None, description="its name")
    llm_fallback_api_key: SecretStr | None = Field(default=None, description="its key")
    embed_preset: str | None = Field(default=None, description="as llm_preset, for embeddings")
    embed_base_url: str | None = Field(default=None, description="address of an embeddings endpoint")
    embed_model: str | None = Field(default=None, description="name of the embeddings model; built-in ones if blank")
    embed_api_key: SecretStr | None = Field(default=None, description="its key")
    embed_timeout: float = Field(default=30.0, gt=0, le=600, description="seconds for one request")
    mask: bool = Field(default=True, description="replace personal data before text leaves this machine")

    def data_folder(self) -> Path:
        """Where the coach keeps what it saves: `data_dir`, else the system's place for a user's data."""
        return self.data_dir or Path(user_data_dir("sansheng", appauthor=False))

    def origin(self, name: str) -> str:
        """Where the setting `name`, which is set, was read from, as people read it."""
        return "环境变量" if name in EnvSettingsSource(type(self))() else ".env 文件"


def knowledge_dir() -> Path:
    """Folder of the shipped knowledge: `knowledge/` of a checkout, or the copy inside an installed wheel."""
    return _shipped("knowledge")


def prompts_dir() -> Path:
    """Folder of the shipped prompts: `prompts/` of a checkout, or the copy inside an installed wheel."""
    return _shipped("prompts")


def _shipped(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
