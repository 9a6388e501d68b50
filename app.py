"""Starts the web app; nothing else."""

from __future__ import annotations

import sys

from coach.assistant import Coach
from coach.errors import CoachError
from coach.settings import Settings
from coach.web import HOST, PORT, serve


def main() -> int:
    """Serve on the default address; the exit code."""
    try:
        serve(Coach.open(Settings()), HOST, PORT)
    except CoachError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
