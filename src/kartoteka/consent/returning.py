"""That nobody who was forgotten comes back with an old copy of the base, nor what is known of them by their tombstones.

Each erasure is told beside the base (trust/outliving.py) with its tombstones: hashes, of which one names the identity as
the base knew it. After a restore who is found by that is forgotten again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from kartoteka.kit import bulk
from kartoteka.people.forgetting import forget_for_good, leaving_alone
from kartoteka.people.models import Identity
from kartoteka.people.recording import refresh
from kartoteka.trust import outliving
from kartoteka.trust.actor import SYSTEM
from kartoteka.trust.audit import note

from .models import Erasure, Tombstone
from .tombstones import marks_of_identities

_KIND = "forgotten"
_AS_IT_WAS = ("by_kind", "by_key", "by_name", "why", "done", "kept")
_LIFTED = ("lifted_by", "lifted_why")


def register() -> None:
    """Take up erasures after a restore."""
    outliving.register(_KIND, _take_up)


def tell_erasures(erasures: Sequence[int]) -> None:
    """Tell these erasures beside the base, as far as they are not told there yet."""
    there = {line["at"] for line in outliving.told() if line["kind"] == _KIND}
    rows = [
        each
        for each in Erasure.objects.filter(pk__in=erasures).order_by("pk")
        if _moment(each.at) not in there
    ]
    stones: dict[int, list[tuple[str, str]]] = {each.pk: [] for each in rows}
    for erasure, what, hash_ in bulk.fetch(
        Tombstone, ("erasure_id", "what", "hash"), by="erasure_id", among=list(stones)
    ):
        stones[erasure].append((what, hash_))
    outliving.tell(
        _KIND,
        (
            {
                "at": _moment(each.at),
                **{name: getattr(each, name) for name in _AS_IT_WAS},
                "stones": sorted(stones[each.pk]),
            }
            for each in rows
        ),
    )


def tell_lifted(erasure: int) -> None:
    """Tell beside the base that this erasure was lifted."""
    its = Erasure.objects.get(pk=erasure)
    if its.lifted_at is not None:
        told = {name: getattr(its, name) for name in _LIFTED}
        outliving.tell(_KIND, [{"at": _moment(its.at), "lifted_at": _moment(its.lifted_at), **told}])


def _take_up(lines: Sequence[Mapping[str, Any]]) -> int:
    """Forget again whom this base still knows, and lay the tombstones it lacks; how many erasures it did not know."""
    lifted = {line["at"]: line for line in lines if "lifted_at" in line}
    known = {_moment(each.at): each for each in Erasure.objects.all()}
    lacking = {line["at"]: line for line in lines if "stones" in line and line["at"] not in known}
    with transaction.atomic():
        bulk.be_the_writer()
        for identities in _still_here(lacking.values()).values():
            who, staying = leaving_alone(identities)
            forget_for_good(who)
            refresh(staying)
        for at, line in lacking.items():
            known[at] = _laid(line, lifted=at in lifted)
        for at, line in lifted.items():
            if at in known and known[at].lifted_at is None:
                _lift(known[at], line)
        if lacking:
            note(by=SYSTEM, action="forgot again", matter="base", detail={"erasures": len(lacking)})
    return len(lacking)


def _still_here(lines: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """The identities that this base still has, by the erasure that took them out."""
    whose = {
        hash_: line["at"] for line in lines for what, hash_ in line["stones"] if what == Tombstone.What.WHO
    }
    found: dict[str, list[int]] = {}
    if not whose:
        return found
    rows = Identity.objects.values_list("pk", "made_at").iterator(chunk_size=20_000)
    for identity, (_what, hash_) in marks_of_identities(rows):
        if hash_ in whose:
            found.setdefault(whose[hash_], []).append(identity)
    return found


def _laid(line: Mapping[str, Any], *, lifted: bool) -> Erasure:
    """The erasure written down again; its disk is swept once more, and its tombstones lie unless it was lifted."""
    made = Erasure.objects.create(
        at=dt.datetime.fromisoformat(line["at"]), **{name: line[name] for name in _AS_IT_WAS}
    )
    if not lifted:
        rows = ((made.pk, what, hash_) for what, hash_ in line["stones"])
        bulk.insert(Tombstone, ("erasure_id", "what", "hash"), rows, ignore=True)
    return made


def _lift(erasure: Erasure, line: Mapping[str, Any]) -> None:
    Erasure.objects.filter(pk=erasure.pk).update(
        lifted_at=dt.datetime.fromisoformat(line["lifted_at"]), **{name: line[name] for name in _LIFTED}
    )
    bulk.delete(Tombstone, by="erasure_id", among=[erasure.pk])


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
