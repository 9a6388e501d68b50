"""Who plays what where nobody was named: a persona and a scenario that suit each other, drawn by a seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable

from coach.errors import InputError
from coach.roleplay.persona import Persona
from coach.roleplay.scenario import Scenario

__all__ = ["cast", "suits"]


def suits(persona: Persona, scenario: Scenario) -> bool:
    """Whether the persona may be drawn for the scenario.

    A scenario that names its personas is suited by those alone, one that names none by anybody who isn't handled by procedure.
    """
    if scenario.personas:
        return bool({persona.name, persona.id} & set(scenario.personas))
    return persona.procedure is None


def cast(
    persona: Persona | None,
    scenario: Scenario | None,
    seed: int,
    personas: Iterable[Persona],
    scenarios: Iterable[Scenario],
) -> tuple[Persona, Scenario]:
    """Persona and scenario of a call: those given, what is missing drawn by `seed`.

    Who is handled by procedure never comes to his matter: for him any call that comes in is drawn.

    Raises:
        InputError: Nothing suits the one that was given.
    """
    chance = random.Random(f"cast:{seed}")
    if scenario is None:
        by_procedure = persona is not None and persona.procedure is not None
        fitting = [
            one
            for one in scenarios
            if persona is None or suits(persona, one) or (by_procedure and one.direction == "inbound")
        ]
        if not fitting:
            raise InputError("没有适合这个人设的场景", where="--scenario", hint="请写明一个场景")
        scenario = chance.choice(sorted(fitting, key=lambda one: one.id))
    if persona is None:
        able = [one for one in personas if suits(one, scenario)]
        if not able:
            raise InputError("没有适合这个场景的人设", where="--persona", hint="请写明一个人设")
        persona = chance.choice(sorted(able, key=lambda one: one.id))
    return persona, scenario
