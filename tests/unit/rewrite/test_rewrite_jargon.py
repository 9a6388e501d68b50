"""What is said in internal terms, rewritten: in plain words as far as they are known."""

from __future__ import annotations

import pytest
from one_line import rewritten

from coach.rewrite import Rewriter


@pytest.mark.parametrize(
    ("customer", "agent", "wanted"),
    [
        ("我前天订的怎么还没发？", "您这单OMS还没推到WMS，卡在审单节点了", "还没有转到仓库"),
        ("能把早餐记到房费里吗？", "您这是OTA渠道的预付单，PMS里挂不了房账", "没办法记到房费里"),
        ("我那件到哪了？", "您这件是问题件，中转场做了拦截", "在中转场被拦下来了"),
    ],
)
def test_names_of_systems_and_their_steps_are_said_in_plain_words_not_left_open(
    rewriter: Rewriter, customer: str, agent: str, wanted: str
) -> None:
    said = rewritten(rewriter, customer, agent)
    assert wanted in said
    assert "【情况】" not in said
    assert "【原因】" not in said
