"""`python -m eval`: see eval/suite/cli.py."""

from eval.suite.cli import run

if __name__ == "__main__":
    run()
