"""Everything, at the sizes of bench/RESULTS.md: takes the better part of an hour."""

import subprocess
import sys

for name, *sizes in (
    ("starting",),
    ("imports", "100000", "1000000"),
    ("pages", "1000000"),
    ("link", "100000", "1000000"),
    ("search",),
    ("consent", "1000000"),
    ("orders", "500000"),
    ("timeline", "100000"),
    ("events", "100000"),
):
    print(f"\n## {name}\n", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}", *sizes], check=True)
