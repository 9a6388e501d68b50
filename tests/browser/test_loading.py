"""What happens as the page is opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_call_begun_before_the_page_has_loaded_is_not_left(page: Page) -> None:
    config = page.evaluate("window.gradio_config")
    places = {one["id"]: str(one["props"].get("elem_id")) for one in config["components"]}
    loading = [one for one in config["dependencies"] if any(event == "load" for _, event in one["targets"])]
    changed = {places[output] for one in loading for output in one["outputs"]}
    assert "ss-mock-scenario" in changed
    assert not changed & {"ss-mock-home", "ss-mock-ring", "ss-mock-talk", "ss-mock-end", "ss-mock-line"}
