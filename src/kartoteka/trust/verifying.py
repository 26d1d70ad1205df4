"""Whether the audit is whole: every link followed from the first to the last, every mark looked at.

What can be told: an entry changed, taken away, brought in by somebody else, told twice, or set in another place; a chain
made anew without the key; an end cut off, if its hash is known from anywhere outside (the file beside the base, a
backup, the log, or what the owner wrote down). What cannot: that an entry was taken away in the seconds before it was
linked, and anything done by somebody who has the key and every place where the end is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from . import chain, guards, signing
from .actor import Actor, Right
from .chain import START, Head
from .models import AuditEntry, AuditLink, AuditSeal

MOST_FAULTS = 100
_AT_ONCE = 5000


@dataclass(frozen=True)
class Fault:
    """One thing wrong. kind: "changed", "missing", "inserted", "twice", "order", "rewritten", "cut" or "unguarded".

    entry: the entry's number, 0 where it is about none; sequence: of the link, 0 where there is none.
    """

    kind: str
    what: str
    entry: int = 0
    sequence: int = 0


@dataclass
class Verdict:
    """What was found. entries: how many there are; linked: how many of them are in the chain; waiting: the others."""

    entries: int = 0
    linked: int = 0
    waiting: int = 0
    seals: int = 0
    head: Head = field(default_factory=lambda: Head(0, START))
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, kind: str, what: str, *, entry: int = 0, sequence: int = 0) -> None:
        """Note a fault; after a hundred no more are of use."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, what, entry, sequence))

    def as_data(self) -> dict[str, Any]:
        """As plain values, for a program that reads them."""
        return {
            "whole": self.whole,
            "entries": self.entries,
            "linked": self.linked,
            "waiting": self.waiting,
            "seals": self.seals,
            "head": str(self.head),
            "faults": [{**asdict(each), "what": str(each.what)} for each in self.faults],
        }


def verify(*, actor: Actor, known: Head | None = None, outside: bool = True) -> Verdict:
    """Follow the whole chain. Linear in the number of entries. Raises NotAllowed without the right to read the audit.

    known: an end of the chain as it was written down somewhere. outside: whether the file beside the base is asked (not
    for a copy in a scratch place). Nothing is written.
    """
    actor.must(Right.AUDIT)
    found = Verdict(entries=AuditEntry.objects.count())
    holds = signing.marker()
    passed = _follow(found, holds, _heads_to_meet(found, holds, known, outside=outside))
    _look_at_waiting(found, holds)
    for head, what in passed:
        found.add("cut", what, sequence=head.sequence)
    _look_for_twins(found)
    for name in sorted(guards.missing()):
        found.add("unguarded", f"The database's guard {name} is gone.")
    return found


Meet = tuple[Head, str]


def _heads_to_meet(found: Verdict, holds: Any, known: Head | None, *, outside: bool) -> list[Meet]:
    """The ends that the chain had once, which it must pass again; the earliest first."""
    meet: list[Meet] = []
    for sequence, hash_, mark in AuditSeal.objects.order_by("sequence").values_list(
        "sequence", "hash", "mark"
    ):
        head = Head(sequence, hash_)
        found.seals += 1
        if holds(mark, head.text()):
            meet.append(
                (head, f"The chain does not pass its seal at link {sequence}: it was made anew, or cut off.")
            )
        else:
            found.add(
                "rewritten",
                f"The seal at link {sequence} is not ours.",
                sequence=sequence,
            )
    if outside and (written := chain.written_head()):
        head, mark = written
        said = (
            f"The chain ended at link {head.sequence} once, by the file beside the base; it no longer does."
        )
        if holds(mark, head.text()):
            meet.append((head, said))
    if known and known.sequence:  # a chain that had not begun has no end to pass
        meet.append((known, f"The chain does not pass the end you gave, link {known.sequence}."))
    return sorted(meet, key=lambda each: each[0].sequence)


def _follow(found: Verdict, holds: Any, meet: list[Meet]) -> list[Meet]:
    """Walk along the links; the ends that were not met."""
    before, expected = START, 1
    missed: list[Meet] = []
    waiting = iter([*meet, None])
    wanted = next(waiting)
    for sequence, entry, hash_, mark, told in _chained():
        found.linked += told is not None
        if sequence != expected:
            found.add(
                "missing",
                f"Links {expected} to {sequence - 1} were taken out of the chain.",
                sequence=expected,
            )
        if told is None:
            found.add(
                "missing", f"Entry {entry} was taken away.",
                entry=entry, sequence=sequence,
            )  # fmt: skip
        elif not holds(mark, told):
            kind, what = (
                ("changed", f"Entry {entry} was changed.")
                if mark
                else ("inserted", f"Entry {entry} was not written by Kartoteka.")
            )
            found.add(kind, what, entry=entry, sequence=sequence)
        elif chain.linked_hash(before, entry, told, mark) != hash_ and sequence == expected:
            found.add(
                "order",
                f"Entry {entry} does not stand where it was written, or its link was changed.",
                entry=entry,
                sequence=sequence,
            )
        before, expected = hash_, sequence + 1
        while wanted and wanted[0].sequence <= sequence:
            if wanted[0] != Head(sequence, hash_) and wanted[0].sequence != 0:
                missed.append(wanted)
            wanted = next(waiting)
    found.head = Head(expected - 1, before)
    return [*missed, *([wanted] if wanted else []), *(each for each in waiting if each)]


Chained = tuple[int, int, str, str, bytes | None]


def _chained() -> Iterator[Chained]:
    """Every link in order, with its entry's mark and text; no text where the entry is gone."""
    last = -(2**62)
    while True:
        links = list(
            AuditLink.objects.filter(sequence__gt=last)
            .order_by("sequence")
            .values_list("sequence", "entry", "hash")[:_AT_ONCE]
        )
        if not links:
            return
        rows = AuditEntry.objects.filter(pk__in=[each[1] for each in links])
        told = {
            key: (mark, signing.told_by(tuple(values)))
            for key, mark, *values in rows.order_by().values_list("pk", "mark", *signing.TOLD)
        }
        for sequence, entry, hash_ in links:
            mark, text = told.get(entry, ("", None))
            yield sequence, entry, hash_, mark, text
        last = links[-1][0]


def _look_at_waiting(found: Verdict, holds: Any) -> None:
    """Entries that are in no link yet: the last seconds', marked as ours, or somebody else's."""
    link = AuditLink.objects.filter(entry=OuterRef("pk"))
    rows = AuditEntry.objects.filter(~Exists(link)).order_by("pk")
    for key, mark, *values in rows.values_list("pk", "mark", *signing.TOLD).iterator(chunk_size=_AT_ONCE):
        found.waiting += 1
        if not holds(mark, signing.told_by(tuple(values))):
            kind, what = (
                ("changed", f"Entry {key} was changed before it was linked.")
                if mark
                else ("inserted", f"Entry {key} was not written by Kartoteka.")
            )
            found.add(kind, what, entry=key)


def _look_for_twins(found: Verdict) -> None:
    """Two entries with one mark: somebody wrote one of ours a second time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM trust_auditentry WHERE mark <> '' GROUP BY mark HAVING count(*) > 1 LIMIT 100"
        )
        for (key,) in cursor.fetchall():
            found.add("twice", f"Entry {key} is a copy of another.", entry=key)
