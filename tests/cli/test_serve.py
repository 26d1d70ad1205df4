"""The server as the shop runs it: a process of its own, killed and stopped for real."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.any_base

PYTHON = [sys.executable, "-m", "kartoteka.cli.main"]


def environment(home: Path) -> dict[str, str]:
    """The shell's variables without those of the suite, and the home's."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KARTOTEKA_", "DJANGO_"))
    }
    return {**kept, "KARTOTEKA_HOME": str(home), "KARTOTEKA_DEBUG": "1", "PYTHONPATH": "src"}


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A server at a free port: its process, its address, and the sign-in link it printed."""
    subprocess.run([*PYTHON, "init"], env=environment(home), check=True, capture_output=True)
    server = subprocess.Popen(
        [*PYTHON, "serve", "--port", "0"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=(home / "log").open("w"),
        text=True,
    )
    try:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address, (home / "log").read_text()
        yield server, address.group(), server.stdout.readline()
    finally:
        server.kill()
        server.wait()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).json() == {"status": "well"}
    except httpx.TransportError:
        return False


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


@pytest.mark.slow
def test_it_serves_lives_on_and_stops_calmly(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as (server, address, link):
        assert within(90, lambda: answers(address))
        assert f"{address}/enter/" in link, "the owner's one-time link"

        first = children(server.pid)
        assert len(first) == 2, "gunicorn and the worker"
        for child in first:
            os.kill(child, signal.SIGKILL)
        assert within(
            30, lambda: len(children(server.pid)) == 2 and not set(first) & set(children(server.pid))
        )
        assert within(90, lambda: answers(address))

        family = children(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(90) == 0
        assert not [pid for pid in family if alive(pid)]
        assert not answers(address)
        log = (tmp_path / "home" / "log").read_text()
        assert all(line.startswith("{") for line in log.splitlines()), "every line of the log is JSON"
        assert "/enter/" not in log, "the link is a secret"


@pytest.mark.slow
def test_nobody_is_left_when_it_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as (server, address, _link):
        assert within(90, lambda: answers(address))
        family = children(server.pid)
        server.kill()
        assert within(90, lambda: not [pid for pid in family if alive(pid)])
        assert not answers(address)


@pytest.mark.slow
def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    subprocess.run([*PYTHON, "init"], env=environment(tmp_path), check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = subprocess.run(
            [*PYTHON, "serve", "--port", port],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"kartoteka: Port {port} at 127.0.0.1 cannot be used")
    assert "Traceback" not in refused.stderr
