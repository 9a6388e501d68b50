"""The only reader of the environment and of default paths.

Settings come from the environment or a `.env` file in the working directory, each name prefixed `COACH_`.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings", "knowledge_dir"]

_PACKAGE = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """What a user may set: `COACH_STANDARD`, `COACH_DATA_DIR`, `COACH_RULES`."""

    model_config = SettingsConfigDict(env_prefix="COACH_", env_file=".env", extra="ignore")

    standard: str = Field(default="default", description="name of the standard, or a path to a YAML file")
    data_dir: Path | None = Field(default=None, description="where the coach keeps what it saves")
    rules: Path | None = Field(
        default=None, description="folder of the user's own rule packs, read after the shipped ones"
    )

    def data_folder(self) -> Path:
        """Where the coach keeps what it saves: `data_dir`, else the system's place for a user's data."""
        return self.data_dir or Path(user_data_dir("sansheng", appauthor=False))


def knowledge_dir() -> Path:
    """Folder of the shipped knowledge: `knowledge/` of a checkout, or the copy inside an installed wheel."""
    installed = _PACKAGE / "_data" / "knowledge"
    return installed if installed.is_dir() else _PACKAGE.parent / "knowledge"
