"""`python -m coach` is the command line."""

from coach.cli.main import run

run()
