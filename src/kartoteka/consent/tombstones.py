"""Knowing again who was forgotten, without knowing who they were: by keyed hashes (BLAKE2b with a key, RFC 7693, 128 bits:
a MAC like HMAC, at a third of its time).

Somebody comes back when they have the same key at the same source, the same number of a register, the same names and birth
date, or the same phone or e-mail with a name that does not speak against it: families share phones.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.people.door import Coming
from kartoteka.people.follow import Leaving
from kartoteka.people.models import Identity
from kartoteka.standard.names import fold, roots_of
from kartoteka.trust import vault

from .models import Erasure, Tombstone

Mark = tuple[str, str]  # what, hash
_What = Tombstone.What
_WHOLE_DATE = 10  # characters of an ISO date with year, month and day


def marks_of(who: Leaving) -> set[Mark]:
    """All by which these people are known again; everything that was ever said of them counts."""
    write = _Hashing(vault.current().key("forgotten"))
    found = {write.mark(_What.KEY, str(source), key) for source, key in who.keys}
    givens = {root for text in who.texts("given") for root in roots_of(text)}
    for values in who.said:
        found.update(write.telling(values))
        found.update(write.mark(_What.NAME, name) for name in _names(values))
    for family in map(fold, who.texts("family")):
        for birth in who.texts("birth"):
            if len(birth) == _WHOLE_DATE:
                found.update(write.mark(_What.PERSON, given, family, birth) for given in givens)
    return found


def marks_of_identities(
    identities: Iterable[tuple[int, dt.datetime]], *, by_all_keys: bool = True
) -> Iterator[tuple[int, Mark]]:
    """Each identity (key, when it was made) with the mark by which it is known again in an old copy of the base.

    by_all_keys: with the marks by former keys of the vault, too.
    """
    writers = _writers()[: None if by_all_keys else 1]
    for key, made_at in identities:
        moment = made_at.astimezone(dt.UTC).isoformat()
        for write in writers:
            yield key, write.mark(_What.WHO, str(key), moment)


def met(source: int, coming: Sequence[Coming]) -> dict[int, dt.date]:
    """The places of those who were forgotten, each with the day. source: the key of the source they come from.

    Two questions for them all, more only where somebody is met. Who is a customer by this source's key already is no one
    who was forgotten, whatever they share with one.
    """
    lying = Tombstone.objects.count()
    if not lying:
        return {}
    writers = _writers()
    marks = [
        {
            hash_: what
            for write in writers
            for what, hash_ in (write.mark(_What.KEY, str(source), key), *write.telling(values))
        }
        for key, values in coming
    ]
    wanted = {hash_ for each in marks for hash_ in each}
    # Few stones are read as they lie; of many, those that are asked for.
    rows: Iterable[tuple[Any, ...]] = Tombstone.objects.values_list("hash", "erasure_id")
    if lying > len(wanted):
        rows = bulk.fetch(Tombstone, ("hash", "erasure_id"), by="hash", among=list(wanted))
    stones: dict[str, list[int]] = defaultdict(list)
    for hash_, erasure in rows:
        if hash_ in wanted:
            stones[hash_].append(erasure)
    if not stones:
        return {}
    return _sure(writers, source, coming, marks, stones)


def _sure(
    writers: Sequence["_Hashing"],
    source: int,
    coming: Sequence[Coming],
    marks: Sequence[Mapping[str, str]],
    stones: Mapping[str, list[int]],
) -> dict[int, dt.date]:
    """Of those who meet a stone, the ones who are sure to be who lies there."""
    places = {place: {hash_ for hash_ in each if hash_ in stones} for place, each in enumerate(marks)}
    places = {place: hashes for place, hashes in places.items() if hashes}
    keys = [coming[place][0] for place in places]
    here = {
        row[0] for row in bulk.fetch(Identity, ("key",), by="key", among=keys, also={"source_id": source})
    }
    erasures = {erasure for hashes in places.values() for hash_ in hashes for erasure in stones[hash_]}
    names = defaultdict(set)
    for erasure, hash_ in bulk.fetch(
        Tombstone, ("erasure_id", "hash"), by="erasure_id", among=list(erasures), also={"what": _What.NAME}
    ):
        names[erasure].add(hash_)
    days = dict(Erasure.objects.filter(pk__in=erasures).values_list("pk", "at"))
    found: dict[int, dt.date] = {}
    for place, hashes in places.items():
        key, values = coming[place]
        if key in here:
            continue
        called = {write.mark(_What.NAME, name)[1] for write in writers for name in _names(values)}
        for hash_ in hashes:
            for erasure in stones[hash_]:
                alone = marks[place][hash_] != _What.POINT
                if alone or not called or not names[erasure] or called & names[erasure]:
                    found[place] = timezone.localdate(days[erasure])
    return found


class _Hashing:
    """Makes marks with one key of the vault."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, what: str, *parts: str) -> Mark:
        text = "\x1f".join((what, *parts)).encode("utf-8", "surrogatepass")
        return what, blake2b(text, key=self._key, digest_size=16).hexdigest()

    def telling(self, values: Mapping[str, Any]) -> Iterator[Mark]:
        """The marks by which these values alone may tell who it is."""
        for field in ("phones", "emails"):
            for entry in values.get(field) or ():
                if entry.get("value"):
                    yield self.point(entry["value"])
        for number in _numbers(values):
            yield self.mark(_What.NUMBER, number)
        family, birth = fold(str(values.get("family") or "")), str(values.get("birth") or "")
        if family and len(birth) == _WHOLE_DATE and values.get("given"):
            for given in roots_of(str(values["given"])):
                yield self.mark(_What.PERSON, given, family, birth)

    def point(self, value: str) -> Mark:
        """The mark of a phone (E.164) or an e-mail."""
        return self.mark(_What.POINT, value.lower())


def _writers() -> list[_Hashing]:
    """By the present key and those before it: a stone cannot be written anew, as nobody knows who lies under it."""
    return [_Hashing(key) for key in vault.current().keys("forgotten")]


def _names(values: Mapping[str, Any]) -> Iterable[str]:
    """What somebody is called: all that their given name may stand for; else the company."""
    if given := values.get("given"):
        return roots_of(str(given))
    if company := values.get("company"):
        return [fold(str(company))]
    return ()


def _numbers(values: Mapping[str, Any]) -> Iterator[str]:
    if national := values.get("national_id"):
        yield fold(str(national)).replace(" ", "")
    for entry in values.get("registration") or ():
        number = entry.get("number") if isinstance(entry, Mapping) else entry
        if number:
            yield fold(str(number)).replace(" ", "")


def points_met(values: Iterable[str]) -> bool:
    """Whether one of these phones (E.164) or e-mails is somebody's who was forgotten."""
    writers = _writers()
    hashes = list({write.point(value)[1] for value in values for write in writers})
    return bool(bulk.fetch(Tombstone, ("id",), by="hash", among=hashes))
