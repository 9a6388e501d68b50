"""Colours and type of the page: fonts of the reader's own system, nothing fetched from another host."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

__all__ = ["FAVICON", "STYLES", "theme"]

_HERE = Path(__file__).resolve().parent
STYLES = (_HERE / "style.css", _HERE / "call.css")
FAVICON = _HERE / "favicon.svg"

_SANS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "Menlo", "monospace")


def theme() -> gr.themes.Base:
    """Gradio's own theme in teal and slate, with system fonts."""
    return gr.themes.Default(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=_SANS,
        font_mono=_MONO,
    ).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
    )
