"""Mock calls: personas, scenarios, the customer's state and what he says, the session."""
