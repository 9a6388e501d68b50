"""The page: a heading and its tabs, one module a tab."""

from __future__ import annotations

import gradio as gr

from coach.assistant import Coach
from coach.web.review import review_tab

__all__ = ["build_page"]

_HEADING = """
<header class="ss-heading">
  <h1>三声</h1>
  <p>电话礼仪点评：逐句指出不妥之处，说明依据，给出核对过的改写。通话内容只在这台电脑上处理。</p>
</header>
"""
_HOUR = 3600
_DAY = 24 * _HOUR


def build_page(coach: Coach) -> gr.Blocks:
    """The whole page over one coach; files it makes are deleted within a day and when it stops."""
    with gr.Blocks(title="三声 · 电话礼仪点评", analytics_enabled=False, delete_cache=(_HOUR, _DAY)) as page:
        gr.HTML(_HEADING, js_on_load=None)
        with gr.Tabs(), gr.Tab("逐句点评", id="review"):
            review_tab(coach)
    return page
