"""Bringing what was said in line with the catalogue, when the owner makes a field sensitive or takes that back.

Done by the worker, chunk by chunk along the claims, each chunk in one transaction that also moves the place in the row of
the re-sealing: a killed worker's is gone on with. What was in plain leaves the claims, the rows, the index and its words,
and at the end the disk.
"""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.jobs import NotNow
from kartoteka.kit.shredding import shred
from kartoteka.trust.personal_keys import is_sealed

from .models import Claim, Resealing
from .presence import is_private
from .recording import refresh
from .rules import hidden_fields, rules_now
from .sealing import open_typed, open_values, sealed_texts
from .search.dropping import drop_words, words_of_all

CHUNK = 1000
LEFT_AFTER = timedelta(seconds=60)
_TRIED_AGAIN = 300.0  # seconds


def ask_for_resealing(key: str = "") -> Resealing:
    """Put a re-sealing of a field (`x.key`), or of all sensitive ones, in line for the worker."""
    with transaction.atomic():
        Resealing.objects.filter(key=key, ended_at=None).update(ended_at=timezone.now())
        return Resealing.objects.create(key=key, asked_at=timezone.now())


def run_due_resealing() -> bool:
    """Do one re-sealing that waits or was left; whether there was one. Raises NotNow where the disk is swept later."""
    waits = Q(heartbeat=None) | Q(heartbeat__lt=timezone.now() - LEFT_AFTER) | Q(walked_at__isnull=False)
    due = Resealing.objects.filter(waits, ended_at=None).order_by("pk").first()
    if due is None:
        return False
    while due.walked_at is None and _one_chunk(due):
        pass
    if due.walked_at is None:
        return True  # another worker has taken it over
    if not shred():
        raise NotNow(_TRIED_AGAIN)
    Resealing.objects.filter(pk=due.pk).update(ended_at=timezone.now())
    return True


def _one_chunk(due: Resealing) -> bool:
    """The next claims; whether there may be more to do."""
    with transaction.atomic():
        bulk.be_the_writer()
        hidden = hidden_fields()
        keys = [due.key] if due.key else sorted(hidden)
        said = reduce(or_, (Q(values__has_key=key) | Q(typed__has_key=key) for key in keys))
        claims = list(
            Claim.objects.filter(said, pk__gt=due.reached)
            .order_by("pk")
            .values_list("pk", "identity_id", "identity__customer_id", "values", "typed")[:CHUNK]
        )
        now = timezone.now()
        reached = claims[-1][0] if claims else due.reached
        ours = Resealing.objects.filter(pk=due.pk, ended_at=None, reached=due.reached, walked_at=None).update(
            heartbeat=now, reached=reached, walked_at=None if claims else now
        )
        if not ours:
            return False
        due.reached, due.walked_at = reached, None if claims else now
        _bring_in_line([(key, whose, *said) for key, whose, _customer, *said in claims], hidden)
        refresh({customer for _key, _identity, customer, *_said in claims}, now=now, rules=rules_now())
        if not hidden.isdisjoint(keys):
            was = [
                {key: each[3][key] for key in keys if key in each[3] and not is_sealed(each[3][key])}
                for each in claims
            ]
            drop_words(words_of_all(was, hidden=frozenset()))
        return bool(claims)


def _bring_in_line(claims: list[tuple[int, int, dict[str, object], object]], hidden: frozenset[str]) -> None:
    shut = [each for each in claims if is_private(each[2], _fields_typed(each[3]), hidden)]
    texts = sealed_texts([(identity, values, typed) for _key, identity, values, typed in shut], hidden)
    bulk.update(
        Claim,
        ("values", "typed"),
        [(*text, each[0]) for text, each in zip(texts, shut, strict=True)],
    )
    done = {each[0] for each in shut}
    free = [each for each in claims if each[0] not in done]
    values = [dict(each[2]) for each in free]
    open_values(values)
    typed = open_typed([each[3] for each in free])
    bulk.update(
        Claim,
        ("values", "typed"),
        [(bulk.json(v), bulk.json(t), each[0]) for each, v, t in zip(free, values, typed, strict=True)],
    )


def _fields_typed(typed: object) -> list[str]:
    return list(typed) if isinstance(typed, dict) else []
