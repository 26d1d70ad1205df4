"""Asking for a file of customers, letting a large one go, fetching it. Who asks never approves; two who approve are one."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.people.catalogue import Text
from kartoteka.people.checking import BadValue
from kartoteka.people.follow import Leaving
from kartoteka.people.listing import Wish, chosen
from kartoteka.people.models import Export
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.audit import note
from kartoteka.trust.models import Limits

from .columns import columns_of_files

DRAWER = keeping.EXPORTS
KEPT_FOR = dt.timedelta(hours=24)
USUAL = ("card", "name", "phone", "email", "city", "country", "tags")
_SHOWN = 100


class NoSuchExport(LookupError):
    """There is no such export for this person, or it is no longer kept."""

    def __init__(self) -> None:
        super().__init__(_("There is no such file for you, or it is no longer kept. Ask for it anew."))


class CannotSettle(ValueError):
    """This export cannot be approved or refused by this person now. The message says why."""


def columns_to_choose(*, actor: Actor) -> dict[str, Text]:
    """What a file can hold of a customer, by column. Raises NotAllowed."""
    actor.must(Right.EXPORT)
    return columns_of_files(actor)


def ask_for_export(*, wish: Wish, columns: Sequence[str], format: str, by: Actor, why: str = "") -> Export:
    """Put a file of the customers that `wish` asks for in line. A large one waits for a second person.

    Raises BadValue, NotAllowed; only people ask, since the file is marked for the one who does.
    """
    by.must(Right.EXPORT)
    if by.kind != "staff":
        raise NotAllowed(Right.EXPORT)
    known = columns_of_files(by)
    wanted = [each for each in columns if each in known]
    if not wanted:
        raise BadValue("columns", _("Choose what the file is to hold."))
    if format not in ("csv", "xlsx"):
        raise BadValue("format", _("Choose CSV or Excel."))
    count = chosen(actor=by, wish=wish).count()
    return put_in_line(wish=wish, columns=wanted, format=format, count=count, by=by, why=why)


def put_in_line(
    *, wish: Wish, columns: Sequence[str], format: str, count: int, by: Actor, why: str = ""
) -> Export:
    """Put a file of so many customers in line; a large one waits for a second person. For who has checked what it is to
    hold. Raises BadValue, NotAllowed."""
    by.must(Right.EXPORT)
    if by.kind != "staff":
        raise NotAllowed(Right.EXPORT)
    if not count:
        raise BadValue("wish", _("Nobody fits this; there is nothing to take out."))
    alone = count <= Limits.now().export_alone
    with transaction.atomic():
        made = Export.objects.create(
            state=Export.State.QUEUED if alone else Export.State.ASKED,
            format=format,
            wish=asdict(wish) | {"columns": [], "after": "", "before": ""},
            columns=list(columns),
            why=why[:300],
            customers=count,
            mark=secrets.token_hex(16),
            asked_at=timezone.now(),
            by_key=by.key,
            by_name=by.name,
        )
        detail = {"customers": count, "columns": list(columns), "format": format}
        note(by=by, action="asked for an export", matter="export", key=made.pk, detail=detail)
    return made


def settle_export(*, export: int, approve: bool, by: Actor) -> None:
    """Let somebody else's large export go, or refuse it. Of two who do so at once the first counts.

    Raises CannotSettle for one's own and for one that is settled, NotAllowed.
    """
    by.must(Right.APPROVE_EXPORT)
    with transaction.atomic():
        waiting = Export.objects.filter(pk=export, state=Export.State.ASKED)
        if by.kind != "staff" or waiting.filter(by_key=by.key).exists():
            raise CannotSettle(_("A second person must approve this; you asked for it yourself."))
        # The update decides a race: only one of two callers sees a changed row.
        settled = waiting.update(
            state=Export.State.QUEUED if approve else Export.State.REFUSED,
            settled_at=timezone.now(),
            settled_key=by.key,
            settled_name=by.name,
        )
        if not settled:
            raise CannotSettle(_("Somebody else has settled this already."))
        action = "approved an export" if approve else "refused an export"
        note(by=by, action=action, matter="export", key=export)


def list_exports(*, actor: Actor) -> list[Export]:
    """One's own exports, and for who approves or audits everybody's; the newest first. Raises NotAllowed."""
    if actor.may(Right.APPROVE_EXPORT) or actor.may(Right.AUDIT):
        return list(Export.objects.all()[:_SHOWN])
    actor.must(Right.EXPORT)
    return list(Export.objects.filter(by_key=actor.key)[:_SHOWN])


def fetch(*, export: int, target: BinaryIO, by: Actor) -> Export:
    """Write the file to `target`, for the one who asked for it only, within a day. Raises NoSuchExport, NotAllowed."""
    by.must(Right.EXPORT)
    found = Export.objects.filter(pk=export, by_key=by.key).first() if by.kind == "staff" else None
    if found is None or not found.is_ready:
        raise NoSuchExport
    try:
        keeping.take_out(found.kept_as, target, drawer=DRAWER)
    except FileNotFoundError as error:  # a base that was brought back from a copy has none of these
        raise NoSuchExport from error
    Export.objects.filter(pk=found.pk).update(fetched_at=timezone.now())
    note(
        by=by,
        action="fetched an export",
        matter="export",
        key=found.pk,
        detail={"customers": found.customers},
    )
    return found


def throw_away_old() -> int:
    """Delete the files whose day is over; how many there were. What was in them stays known, and traced."""
    return _throw_away(Export.objects.filter(state=Export.State.DONE, expires_at__lte=timezone.now()))


def _throw_away(exports: "QuerySet[Export]") -> int:
    for kept_as in exports.exclude(kept_as="").values_list("kept_as", flat=True):
        transaction.on_commit(partial(keeping.throw_away, kept_as, drawer=DRAWER))
    return exports.update(state=Export.State.GONE, kept_as="")


def forget_in_exports(who: Leaving) -> None:
    """Files that wait to be fetched may hold these people, so all of them go; who wants one asks anew. One that is being
    written begins once more, and one that was asked for by what only they are called is not written at all."""
    _throw_away(Export.objects.filter(state=Export.State.DONE))
    Export.objects.filter(state=Export.State.RUNNING).update(state=Export.State.QUEUED)
    theirs = {each.casefold() for field in ("family", "phones", "emails") for each in who.texts(field)}
    for each in Export.objects.filter(state__in=[Export.State.ASKED, Export.State.QUEUED]):
        asked = f"{each.wish.get('text', '')} {each.wish.get('own_value', '')}".casefold()
        if any(word in asked for word in theirs):
            Export.objects.filter(pk=each.pk).update(
                state=Export.State.REFUSED, wish=without_words(each.wish)
            )


def without_words(wish: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked of the list, without the words that were typed: they may be somebody's name."""
    return {**wish, "text": "", "own_value": ""}
