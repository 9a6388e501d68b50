"""Mock calls: personas, scenarios, the customer's state and what he says, the session."""

from coach.roleplay.call import CallTurn, MockCall, Setup
from coach.roleplay.persona import Level, Persona, find_persona, load_personas
from coach.roleplay.player import Player, open_player
from coach.roleplay.scenario import Scenario, load_scenarios, named_scenario, read_scenario, scenario_schema

__all__ = [
    "CallTurn",
    "Level",
    "MockCall",
    "Persona",
    "Player",
    "Scenario",
    "Setup",
    "find_persona",
    "load_personas",
    "load_scenarios",
    "named_scenario",
    "open_player",
    "read_scenario",
    "scenario_schema",
]
