"""How long a start takes until the first answer, and how much memory the idle server and its worker hold.

python -m bench.starting
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


def measure() -> list[str]:
    """The lines of the table of results."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "KARTOTEKA_HOME": f"{folder}/home"}
        run = [sys.executable, "-m", "kartoteka.cli.main"]
        subprocess.run([*run, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
        start = time.perf_counter()
        server = subprocess.Popen(
            [*run, "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).read()
                    break
                except OSError:
                    assert server.poll() is None, "the server ended"
                    assert time.perf_counter() - start < 60, "the server does not answer"
                    time.sleep(0.02)
            seconds = time.perf_counter() - start
            time.sleep(5)
            memory = {pid: _resident(pid) for pid in _family(server.pid)}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    return [
        "| what | value |",
        "|---|---|",
        f"| start until the first answer | {seconds:.1f} s |",
        f"| processes | {len(memory)} |",
        f"| idle memory, all of them | {sum(memory.values()):.0f} MB |",
    ]


def _family(pid: int) -> list[int]:
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += _family(int(path.parent.name))
    return found


def _resident(pid: int) -> float:
    """Proportional set size in MB: what is shared is counted once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print("\n".join(measure()))
