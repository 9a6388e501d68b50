"""The page: a heading, the standard to judge and answer by, and the tabs, one module a tab."""

from __future__ import annotations

import gradio as gr

from coach.assistant import Coach
from coach.web.call_tab import call_tab
from coach.web.chat import chat_tab
from coach.web.coaches import Coaches
from coach.web.evaluations import evaluations_tab
from coach.web.library import library_tab
from coach.web.marks import escape
from coach.web.review import review_tab

__all__ = ["build_page", "in_use"]

_HEADING = """
<header class="ss-heading">
  <h1>三声</h1>
  <p>电话礼仪教练：逐句点评通话，回答该怎么说，都讲明依据。</p>
  <p id="ss-model">{model}</p>
</header>
"""
_HOUR = 3600
_DAY = 24 * _HOUR


def build_page(coach: Coach) -> gr.Blocks:
    """The whole page over one coach; files it makes are deleted within a day and when it stops."""
    coaches = Coaches(coach)
    with gr.Blocks(title="三声 · 电话礼仪教练", analytics_enabled=False, delete_cache=(_HOUR, _DAY)) as page:
        with gr.Row(elem_id="ss-top"):
            gr.HTML(_HEADING.format(model=in_use(coach)), js_on_load=None)
            standard = gr.Dropdown(
                list(coaches.choices),
                value=coach.standard.name,
                label="规范（点评和回答都照它）",
                filterable=False,
                elem_id="ss-standard",
                scale=0,
                min_width=240,
            )
        with gr.Tabs(elem_id="ss-tabs"):
            with gr.Tab("逐句点评", id="review"):
                review_tab(coaches, standard)
            with gr.Tab("话术求助", id="chat"):
                chat_tab(coaches, standard)
            with gr.Tab("模拟通话", id="mock"):
                call_tab(coaches, standard, page)
            with gr.Tab("知识库", id="library"):
                library_tab(coaches, standard)
            with gr.Tab("评测", id="evaluations") as evaluations:
                evaluations_tab(coach.index.parent / "evals", evaluations)
        page.load(coaches.warm, None, None, api_visibility="private", show_progress="hidden")
    return page


def in_use(coach: Coach) -> str:
    """Which model is in use, and what leaves this machine."""
    if coach.model is None:
        return "正在用内置教练，您输入的内容只在这台电脑上处理。"
    names = "，备用 ".join(escape(endpoint.name) for endpoint in coach.model.endpoints)
    if all(endpoint.local for endpoint in coach.model.endpoints):
        return f"语言模型：{names}。您输入的内容只在这台电脑上处理。"
    kept = "手机号、姓名、地址等会先隐去" if coach.model.mask else "没有打开隐去个人信息（COACH_MASK）"
    return f"语言模型：{names}。您输入的内容会发给它，{kept}。"
