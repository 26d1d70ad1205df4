"""How long matching takes, and how much memory, by the size of the base.

    python -m bench.link 10000 100000 1000000

Towns of the hard set are laid side by side to the size asked; each size is linked in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

TOWN = 20_000


def make(rows: int, path: Path) -> None:
    """Writes about `rows` rows of `people` to `path` (Arrow IPC). All persons are invented."""
    from tests.hardset.sources import TUNED, hard_set

    made = 0
    with pa.OSFile(str(path), "wb") as file:
        writer = None
        for seed in range(1, 1000):
            if made >= rows:
                break
            customers = min(TOWN, max(50, int((rows - made) / 2.2)))
            people = hard_set(customers=customers, seed=seed, noise=TUNED, first_phone=seed * TOWN * 4).people
            people = people.slice(0, rows - made)
            emails = people["emails"].combine_chunks()
            told = pa.ListArray.from_arrays(
                emails.offsets,
                pc.replace_substring(emails.values, "@", f"@town{seed}."),
                mask=emails.is_null(),
            )
            people = people.set_column(people.schema.get_field_index("emails"), "emails", told)
            people = people.set_column(0, "id", pa.array(range(made, made + people.num_rows), pa.int64()))
            writer = writer or pa.ipc.new_file(file, people.schema)
            writer.write_table(people)
            made += people.num_rows
        assert writer is not None
        writer.close()


def measure(path: Path) -> dict[str, object]:
    """Links the table at `path`; seconds by step, groups, doubts and the peak of memory in MB."""
    from kartoteka.quality.linking import link

    with pa.OSFile(str(path)) as file:
        people = pa.ipc.open_file(file).read_all()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    steps: list[tuple[str, float, float]] = []

    def heard(step: str, _share: float) -> None:
        steps.append((step, time.perf_counter(), time.process_time()))

    linkage = link(people, progress=heard)
    heard("", 1.0)
    spent: dict[str, list[float]] = {}
    for (step, wall, work), (_, wall_after, work_after) in pairwise(steps):
        clock = spent.setdefault(step, [0.0, 0.0])
        clock[0], clock[1] = round(clock[0] + wall_after - wall, 1), round(clock[1] + work_after - work, 1)
    seconds, work = (steps[-1][at] - steps[0][at] for at in (1, 2))
    return {
        "rows": people.num_rows, "seconds": round(seconds, 1), "steps (wall, processor)": spent,
        "joins": len(linkage.joins),
        "doubts": len(linkage.doubts), "processor seconds": round(work, 1), "table MB": before,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def main() -> None:
    """Measures each size named on the command line."""
    if sys.argv[1] == "--measure":
        print(json.dumps(measure(Path(sys.argv[2]))))
        return
    for size in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "people.arrow"
            make(size, path)
            subprocess.run([sys.executable, "-m", "bench.link", "--measure", str(path)], check=True)


if __name__ == "__main__":
    main()
