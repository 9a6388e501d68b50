"""A PostgreSQL server of a test's own: Debian's programs, a cluster in a temporary folder, no port but a socket file."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["PostgresServer", "postgres_programs", "running_server"]

_USERS = ("postgres", "nobody")
"""Who may run it where the tests are root's: the server refuses to be."""


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version there is; None where none is installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    program = shutil.which("pg_ctl")
    return Path(program).resolve().parent if program else None


class PostgresServer:
    """A cluster that runs, and may be stopped and started."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self._programs = programs
        self._folder = folder
        self._user = user
        self._call("initdb", "--auth=trust", "--username=coach", "--encoding=UTF8", "--locale=C.UTF-8")

    @property
    def url(self) -> str:
        """Of a database that is there and empty at first."""
        return self.url_of("postgres")

    def url_of(self, database: str, user: str = "coach") -> str:
        """Of any of its databases, for any of its users."""
        return f"postgresql://{user}@/{database}?host={self._folder}"

    def start(self) -> None:
        """Returns once it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
        self._call("pg_ctl", "start", "--wait", "--silent", f"--log={self._folder / 'log'}", f"--options={options}")

    def stop(self) -> None:
        """Breaks off whoever is connected."""
        self._call("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")

    def log(self) -> str:
        """What it has logged."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _call(self, program: str, *arguments: str) -> None:
        data = f"--pgdata={self._folder / 'data'}"
        subprocess.run(
            [str(self._programs / program), *arguments, data],
            check=True,
            cwd=self._folder,
            user=self._user,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """A server that is gone, data and all, once it is left."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # the path of a socket is at most 107 bytes: pytest's are too long
    user = next((one for one in _USERS if _exists(one)), None) if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    try:
        server = PostgresServer(programs, folder, user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
