"""The matching over the whole base: who is the same by rule, and which pairs a person should look at."""

from collections.abc import Callable

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom
from kartoteka.kit.news import announce
from kartoteka.people.news import CustomersChanged
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from .linking import Linkage, link
from .linking.reasons import without_secrets
from .merging import Group, merge_groups
from .models import Apart, Doubt, MatchRun
from .people_table import people_table

Progress = Callable[[str, float], None]


def match_now(*, by: Actor) -> MatchRun:
    """Run the matching here, to its end, and return what came of it."""
    by.must(Right.MERGE)
    run = MatchRun.objects.create(asked_at=timezone.now(), by_name=by.name)
    return carry_out(run, by=by)


def carry_out(run: MatchRun, *, by: Actor = SYSTEM) -> MatchRun:
    """Match the whole base: join the sure ones, note the doubtful pairs anew."""
    run.state, run.heartbeat = MatchRun.State.RUNNING, timezone.now()
    run.save(update_fields=["state", "heartbeat"])

    def progress(step: str, share: float) -> None:
        MatchRun.objects.filter(pk=run.pk).update(step=step[:40], share=share, heartbeat=timezone.now())

    with collecting_seldom():
        people = people_table()
        bulk.let_pages_go()
        linkage = link(people, never=never_pairs(), progress=progress)
        progress("joining", 0.9)
        run.customers = people.num_rows
        run.joined = merge_groups(_groups(linkage), by=by)
        run.doubts = _write_doubts(linkage)
    run.state, run.share, run.ended_at = MatchRun.State.DONE, 1.0, timezone.now()
    run.save()
    note(by=by, action="matched", matter="base", detail={"joined": run.joined, "doubts": run.doubts})
    return run


def never_pairs() -> pa.Table:
    """The pairs of customers that must stay apart, columns `a` and `b`."""
    pairs = Apart.objects.values_list("one__customer_id", "other__customer_id")
    rows = [(a, b) for a, b in pairs if a != b]
    return pa.table(
        {"a": pa.array([a for a, _ in rows], pa.int64()), "b": pa.array([b for _, b in rows], pa.int64())}
    )


def _groups(linkage: Linkage) -> list[Group]:
    groups = []
    for join in linkage.joins:
        kept = min(join.ids)
        because = {}
        for pair in sorted(join.pairs, key=lambda each: each.probability):
            # The strongest pair a customer takes part in is named as the reason for its joining.
            for customer in (pair.a, pair.b):
                if customer != kept:
                    because[customer] = (pair.probability, without_secrets(pair.reasons))
        groups.append(Group(sorted(join.ids), because))
    return groups


def _write_doubts(linkage: Linkage) -> int:
    """The pairs to look at, instead of those of the run before. Who was joined meanwhile is in none."""
    now = timezone.now()
    into = {gone: min(join.ids) for join in linkage.joins for gone in join.ids}
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for pair in linkage.doubts:
        one, other = sorted((into.get(pair.a, pair.a), into.get(pair.b, pair.b)))
        found = (pair.probability, bulk.json(without_secrets(pair.reasons)))
        if one != other and found > best.get((one, other), (0.0, "")):
            best[one, other] = found
    with transaction.atomic():
        doubted = set(Doubt.objects.values_list("one", "other"))
        Doubt.objects.all().delete()
        bulk.insert(
            Doubt,
            ("one_id", "other_id", "score", "reasons", "found_at"),
            ((*pair, score, reasons, now) for pair, (score, reasons) in best.items()),
        )
        changed = {each for pair in doubted ^ best.keys() for each in pair}
        announce(CustomersChanged(customers=tuple(sorted(changed))))
    return len(best)
