"""Check kind echo: what the customer just gave must be said back by the agent's next turn. Source: taxonomy, conventions."""

from __future__ import annotations

from typing import cast

from coach.critique.rule import Check
from coach.critique.schema import EchoData
from coach.critique.view import CallView, Hit
from coach.facts import identifiers, said_back

__all__ = ["echo"]


def echo(check: Check, call: CallView, i: int) -> Hit | None:
    """Turn `i` doesn't say back what the customer gave just before."""
    data = cast("EchoData", check.data)
    given = [
        item for item in identifiers(call.previous_customer(i), call.previous_agent(i)) if item.kind in data.fields
    ]
    text = call.turns[i].text
    if not given or check["unless"].found(text):
        return None
    missing = [item for item in given if not said_back(item, text)]
    names_only = [item for item in missing if item.kind != "name"] == []
    if not missing or (names_only and len(missing) < len(given) and missing[0].value[0] in text):
        return None
    return Hit(i, values=(("missing", "、".join(item.text for item in missing)),))
