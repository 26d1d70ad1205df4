"""How right the matching is: files with known truth through `import`, `match` and `export identities`.

    python -m bench.quality                        every set, at its own size
    python -m bench.quality sample --seed 7        one set, other customers
    python -m bench.quality sample --size 2000     fewer of them

Pairwise precision, recall and F1 over all rows; and of the pairs of rows of two different people whom something ties
together (a home, a name, a phone), the share wrongly joined. Each set is run in a process and a base of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from bench.scratch import base
from tests.hardset.files import Files, Maker, Row, febrl4, hard, sample
from tests.hardset.firms import firms
from tests.hardset.history import history
from tests.hardset.sources import TUNED, UNSEEN


class Set(NamedTuple):
    """A set and how many customers it has unless told otherwise."""

    make: Maker
    size: int


SETS = {
    "sample": Set(sample, 12_000),
    "hard": Set(lambda folder, size, seed: hard(folder, size, seed, TUNED), 12_000),
    "unseen": Set(lambda folder, size, seed: hard(folder, size, seed, UNSEEN), 12_000),
    "febrl4": Set(febrl4, 5_000),
    "history": Set(history, 5_000),
    "firms": Set(firms, 5_000),
}


def bring_in(files: Files) -> None:
    """Import every file as its source; what is refused is told."""
    from kartoteka.intake.whole import import_stream
    from kartoteka.trust.actor import SHELL

    for name, source in files.sources.items():
        with (files.folder / name).open("rb") as stream:
            done = import_stream(stream=stream, name=name, source=source, ground="contract", by=SHELL)
        assert done.state == "done", done.problem


def exported() -> dict[Row, str]:
    """Which customer (card number) every row became."""
    from kartoteka.people.identities import export_identities
    from kartoteka.trust.actor import SHELL

    return {(row[2], row[3]): row[5] for row in export_identities(by=SHELL) if row[3] is not None}


def by_three_rules() -> dict[str, str]:
    """Whom three simple rules would join (card number -> one of the group's), to see how hard a set is.

    The same e-mail; the same phone and family name; the same whole name with the same birth or postcode.
    """
    from kartoteka.people.models import Contact, Customer
    from kartoteka.standard.letters import fold

    group: dict[int, int] = {}

    def of(key: int) -> int:
        while group.setdefault(key, key) != key:
            group[key] = key = group[group[key]]
        return key

    first: dict[object, int] = {}
    people = {each.pk: each for each in Customer.objects.iterator(chunk_size=2000)}
    points = Contact.objects.values_list("customer_id", "point__kind", "point__value")
    keys: list[tuple[int, object]] = [
        (who, value if kind == "email" else (value, fold(people[who].family)))
        for who, kind, value in points.iterator(chunk_size=5000)
        if kind == "email" or people[who].family
    ]
    for who, each in people.items():
        name = (fold(each.given), fold(each.family))
        codes = [str(home.get("postcode", "")) for home in each.more.get("addresses") or ()]
        keys += [(who, (*name, told)) for told in (each.birth, *codes) if told and all(name)]
    for who, key in keys:
        group[of(who)] = of(first.setdefault(key, who))
    return {each.card: people[of(who)].card for who, each in people.items()}


def pairs(counts: Counter[object]) -> int:
    """How many pairs groups of these sizes hold."""
    return sum(n * (n - 1) // 2 for n in counts.values())


def told(files: Files, got: dict[Row, str]) -> str:
    """Precision, recall, F1 and the wrongly joined shares, in one line each."""
    rows = {row: (person, got.get(row, str(row))) for row, person in files.truth.items() if person}
    right = pairs(Counter(person for person, _ in rows.values()))
    joined = pairs(Counter(customer for _, customer in rows.values()))
    hits = pairs(Counter(rows.values()))
    precision, recall = hits / max(1, joined), hits / max(1, right)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    lines = [
        f"P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({len(rows)} rows, {len(rows.keys() - got.keys())} not imported)"
    ]
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for person, customer in rows.values():
        held[person][customer] += 1
    for kind, couples in sorted(files.traps.items()):
        every = sum(held[a].total() * held[b].total() for a, b in couples)
        wrong = sum(held[a][card] * held[b][card] for a, b in couples for card in held[a])
        lines.append(f"    {kind:<16}{100 * wrong / max(1, every):6.2f} %  of {every} pairs wrongly joined")
    return "\n".join(lines)


def run(name: str, size: int, seed: int, home: Path | None) -> None:
    """Make a set, bring it in, match it, and tell how right that was."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        folder.mkdir()
        files = SETS[name].make(folder, size, seed)
        with base(home or Path(scratch) / "home"):
            from kartoteka.quality.matching import match_now
            from kartoteka.trust.actor import SHELL

            bring_in(files)
            simple = by_three_rules()
            plainly = {row: simple[card] for row, card in exported().items()}
            print(f"{name}, three simple rules: {told(files, plainly)}")
            start = time.process_time()
            done = match_now(by=SHELL)
            spent = time.process_time() - start
            print(f"{name} (seed {seed}): {told(files, exported())}")
            print(
                f"    {done.customers} records, {done.joined} joined, {done.doubts} doubts, {spent:.0f} s of the processor"
            )


def main() -> None:
    """Runs the sets asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}; all by default")
    parser.add_argument("--size", type=int, help="how many customers")
    parser.add_argument("--seed", type=int, default=11)
    chosen = parser.parse_args()
    for name in chosen.sets or SETS:
        if name not in SETS:
            parser.error(f"no set {name}: choose of {', '.join(SETS)}")
        if len(chosen.sets) == 1:
            run(name, chosen.size or SETS[name].size, chosen.seed, None)
        else:
            more = ["--size", str(chosen.size)] if chosen.size else []
            subprocess.run(
                [sys.executable, "-m", "bench.quality", name, "--seed", str(chosen.seed), *more], check=True
            )


if __name__ == "__main__":
    main()
