"""A throwaway PostgreSQL for tests: a cluster of its own in a temporary folder, reached by a Unix socket.

    python tools/postgres.py COMMAND...     runs COMMAND with KARTOTEKA_TEST_POSTGRES_URL set

No server that already runs on the machine is touched. PostgreSQL refuses to run as root; there, its own
account or `nobody` is used.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# A test's data need not survive a power cut, and this makes each test several times quicker.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)


CLUSTER = ("-U", "kartoteka", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


class NoPostgres(Exception):
    """PostgreSQL's server is not installed, or did not start."""


def binaries() -> Path:
    """The folder of initdb and postgres. Debian keeps them out of the PATH. Raises NoPostgres."""
    found = shutil.which("initdb")
    if found and not Path(found).is_symlink():
        return Path(found).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    if found:
        return Path(found).resolve().parent
    raise NoPostgres("PostgreSQL's server is not installed. On Debian: apt-get install postgresql")


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and give its URL; stop and remove it at the end. Raises NoPostgres."""
    tools = binaries()
    account: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="kartoteka-pg-"))
    if os.geteuid() == 0:
        user = _unprivileged()
        account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(folder, user.pw_uid, user.pw_gid)
    log = folder / "log"
    try:
        made = subprocess.run(
            [tools / "initdb", "-D", folder / "data", *CLUSTER],
            **account,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NoPostgres(f"PostgreSQL's cluster could not be made: {made.stderr.strip()}")
        settings = [word for setting in (*QUICK, "listen_addresses=") for word in ("-c", setting)]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [tools / "postgres", "-D", folder / "data", "-k", folder, *settings],
                **account,
                cwd=folder,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread runs here yet
            )
        try:
            _wait(server, tools, folder, log)
            yield f"postgres://kartoteka@/kartoteka?host={folder}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("There is no account 'postgres' or 'nobody' to run PostgreSQL as.")


def _die_with_parent() -> None:
    """A suite that is killed must not leave a server behind: Linux stops it with us (by a fast shutdown)."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _wait(server: subprocess.Popen[bytes], tools: Path, folder: Path, log: Path) -> None:
    for _ in range(300):
        ready = subprocess.run([tools / "pg_isready", "-q", "-h", folder], check=False)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise NoPostgres(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    with cluster() as url:
        environment = {**os.environ, "KARTOTEKA_TEST_POSTGRES_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
