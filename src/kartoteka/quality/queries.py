"""Reads of this domain: pairs in doubt, runs of the matching, mergers that can be taken back."""

from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.people.reading import fill_in
from kartoteka.people.veil import veil_any, veil_text, veiled
from kartoteka.trust.actor import Actor, Right

from .models import Doubt, MatchRun, Merger
from .whys import open_whys

Pair = TypeVar("Pair", bound=Model)

# Reasons whose values are streets, which are veiled with the other contact points.
_STREET_REASONS = frozenset({"same_door", "same_house", "same_street", "other_address"})


class NotThere(LookupError):
    """What was asked for is not there, or no longer. The message says what to do."""


def within_view(rows: QuerySet[Pair], actor: Actor, one: str = "one", other: str = "other") -> QuerySet[Pair]:
    """Those pairs of which `actor` sees both customers."""
    if not actor.walled:
        return rows
    seen = Customer.objects.visible_to(actor).values("pk")
    return rows.filter(**{f"{one}__in": seen, f"{other}__in": seen})


def list_doubts(*, actor: Actor, size: int = 50, after: str = "", before: str = "") -> Page[Doubt]:
    """The pairs to look at, the most alike first, with both customers. Raises BadCursor, NotAllowed."""
    actor.must(Right.MERGE)
    rows = within_view(Doubt.objects.select_related("one", "other"), actor)
    found = page(rows, by="score", descending=True, size=size, after=after, before=before)
    if actor.may(Right.SEE_SENSITIVE):
        from .people_table import NUMBER

        fill_in([side for each in found.rows for side in (each.one, each.other)], [NUMBER])
    return found


def reasons_for(doubt: Doubt, *, actor: Actor) -> list[dict[str, Any]]:
    """Why the two seem to be one, or not: words with the values compared, without those `actor` may not see.

    Numbers are not kept with the reason: they are as the two records hold them now.
    """
    # The linking, all numbers, is loaded by whoever asks for it.
    from .linking.reasons import SENSITIVE_REASONS

    hidden = _STREET_REASONS if actor.veiled else frozenset()
    seen = actor.may(Right.SEE_SENSITIVE)
    told = [
        {
            "reason": word,
            "values": {}
            if word in hidden
            else (_numbers(doubt) if seen else {})
            if word in SENSITIVE_REASONS
            else dict(values),
        }
        for word, values in doubt.reasons
    ]
    return veil_any(told) if actor.veiled else told


def _numbers(doubt: Doubt) -> dict[str, Any]:
    """The numbers of both, or the one they share."""
    from .linking.reasons import compared_lists
    from .people_table import NUMBER

    fill_in([doubt.one, doubt.other], [NUMBER])
    ours, theirs = (
        [*(str(entry.get("number")) for entry in each.more.get("registration") or ()), each.more.get(NUMBER)]
        for each in (doubt.one, doubt.other)
    )
    return compared_lists(list(filter(None, ours)), list(filter(None, theirs)))


def list_match_runs(*, actor: Actor, size: int = 20) -> list[MatchRun]:
    """The last runs of the matching, the newest first."""
    actor.must(Right.MERGE)
    return list(MatchRun.objects.all()[:size])


def match_run(*, actor: Actor, key: int) -> MatchRun:
    """One run of the matching. Raises NotThere."""
    actor.must(Right.MERGE)
    found = MatchRun.objects.filter(pk=key).first()
    if found is None:
        raise NotThere(_("There is no run of the matching with this number."))
    return found


def list_mergers(*, actor: Actor, how: str = "", after: str = "", before: str = "") -> Page[Merger]:
    """Who was joined with whom, the latest first; only by rule or by hand, if asked. Raises BadCursor, NotAllowed."""
    actor.must(Right.MERGE)
    rows = _mergers_seen(actor).select_related("kept", "gone", "split")
    if how in Merger.How.values:
        rows = rows.filter(how=how)
    found = page(rows, by="id", descending=True, size=50, after=after, before=before)
    open_whys(found.rows)
    return replace(found, rows=[_shown(each, actor) for each in found.rows])


def _shown(merger: Merger, actor: Actor) -> Merger:
    """A merger as `actor` is shown it; to be read, and not to be given to a verb."""
    if actor.veiled:
        merger.kept, merger.gone = veiled(merger.kept, actor), veiled(merger.gone, actor)
        merger.why = veil_text(merger.why)
        merger.reasons = [
            [word, {} if word in _STREET_REASONS else veil_any(values)] for word, values in merger.reasons
        ]
    return merger


def a_merger(*, actor: Actor, key: int) -> Merger:
    """One merger by its number. Raises NotThere, NotAllowed."""
    actor.must(Right.MERGE)
    found = _mergers_seen(actor).select_related("kept", "gone").filter(pk=key).first()
    if found is None:
        raise NotThere(_("There is no joining with this number."))
    return found


def _mergers_seen(actor: Actor) -> QuerySet[Merger]:
    """The mergers whose customer `actor` sees; of those joined away the base knows the one who was kept."""
    rows = Merger.objects.all()
    return rows.filter(kept__in=Customer.objects.visible_to(actor).values("pk")) if actor.walled else rows


def mergers_of(*, actor: Actor, customer: Customer) -> list[Merger]:
    """The mergers that made this customer and can be taken back, the newest first, with those joined away.

    As `actor` is shown them: a verb takes `merger_of`.
    """
    found = _mergers_of(actor, customer)
    open_whys(found)
    return [_shown(each, actor) for each in found]


def _mergers_of(actor: Actor, customer: Customer) -> list[Merger]:
    actor.must(Right.SEE)
    found: list[Merger] = []
    edge = [customer.pk]
    while edge:
        some = list(
            Merger.objects.filter(kept__in=edge, split=None, gone__merged_into__in=edge).select_related(
                "kept", "gone"
            )
        )
        found += some
        edge = [each.gone_id for each in some]
    return sorted(found, key=lambda each: -each.pk)


def merger_of(*, actor: Actor, customer: Customer, key: int) -> Merger:
    """The merger `key` among those that made this customer. Raises NotThere."""
    for merger in _mergers_of(actor, customer):
        if merger.pk == key:
            return merger
    raise NotThere(_("This customer was not made by that joining, or it was taken back already."))
