"""Partner lists: what both have is found by hashes first; then only those who agreed to that partner leave, through the
gate and by an export like any other (a second person, marks, one recipient)."""

import secrets
from collections.abc import Collection, Iterator
from typing import IO, Any

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.people.checking import BadValue
from kartoteka.people.exporting.asking import ask_for_export
from kartoteka.people.listing import Wish
from kartoteka.people.models import Contact, ContactPoint, Customer, Export, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .gate import Asked
from .ledger import POINT_KIND
from .models import Channel, Exchange, ExchangeLine, Purpose
from .narrowing import allowed, point_to_use
from .passing import answers, may_all
from .point_hashes import SALT_BYTES, digest_of, hash_of, read_hashes, salt_of
from .purposes import all_purposes
from .reasons import ALLOWING, Reason

FURTHER = "exchange"  # the narrowing of the list by which an export of an exchange is read


class CannotExchange(ValueError):
    """This cannot be compared or handed over; the message says why and what to do."""


def partner_purposes() -> list[Purpose]:
    """The purposes that name a partner and are in use."""
    return [each for each in all_purposes() if each.partner]


def exchanges(*, actor: Actor) -> list[Exchange]:
    """The exchanges there were, the newest first. Raises NotAllowed."""
    actor.must(Right.EXPORT)
    return list(Exchange.objects.select_related("purpose", "export")[:200])


def exchange_of(*, actor: Actor, key: int) -> Exchange | None:
    """One exchange. Raises NotAllowed."""
    actor.must(Right.EXPORT)
    return Exchange.objects.select_related("purpose", "export").filter(pk=key).first()


def begin(*, purpose: Purpose, channel: str, by: Actor, why: str = "") -> Exchange:
    """Begin to compare a partner's list with our customers: a new salt, to be given to that partner only.

    channel: "email", "sms" or "phone": what is hashed, and by what they may be reached. Raises CannotExchange, NotAllowed.
    """
    return _begun(purpose, channel, by=by, why=why, salt=secrets.token_hex(SALT_BYTES), began="us")


def _begun(purpose: Purpose, channel: str, *, by: Actor, why: str, salt: str, began: str) -> Exchange:
    by.must(Right.EXPORT)
    if not purpose.partner or purpose.ended_at is not None:
        raise CannotExchange(_("Name the partner on a purpose first, and ask customers for it."))
    if channel not in POINT_KIND:
        raise CannotExchange(_("Compare by e-mail or by phone."))
    if Exchange.objects.filter(salt=salt).exists():
        raise CannotExchange(_("This salt was used before. Each exchange needs a new one."))
    with transaction.atomic():
        made = Exchange.objects.create(
            purpose=purpose,
            partner=purpose.partner,
            ground=purpose.ground,
            channel=channel,
            began=began,
            why=why.strip()[:300],
            salt=salt,
            at=timezone.now(),
            **by.as_columns,
        )
        detail = {"purpose": purpose.key, "partner": made.partner, "channel": channel, "began": began}
        note(by=by, action="began an exchange", matter="exchange", key=made.pk, detail=detail)
    return made


def compare(*, exchange: Exchange, stream: IO[bytes], by: Actor) -> Exchange:
    """Compare the partner's list of hashes with our customers, once; the list itself is kept nowhere.

    Whom both have is written down with the gate's answer. Raises CannotExchange, NoHashes, NotAllowed.
    """
    by.must(Right.EXPORT)
    if exchange.compared_at is not None or exchange.began != Exchange.Began.US:
        raise CannotExchange(_("This exchange is over. Begin another: a salt is used once."))
    theirs = read_hashes(stream)
    salt = salt_of(exchange.salt)
    ours: set[bytes] = set()
    met: set[int] = set()
    for customer, value in _points(exchange, Customer.objects.visible_to(by)):
        its_hash = hash_of(salt, value)
        ours.add(its_hash)
        if its_hash in theirs:
            met.add(customer)
    with transaction.atomic():
        taken = Exchange.objects.filter(pk=exchange.pk, compared_at=None).update(compared_at=timezone.now())
        if not taken:
            raise CannotExchange(_("This exchange is over. Begin another: a salt is used once."))
        told = answers(customers=met, purpose=exchange.purpose, channel=exchange.channel, by=by)
        _write_down(exchange, told, theirs=theirs, ours=ours, by=by)
    exchange.refresh_from_db()
    return exchange


def hashes_for_partner(*, purpose: Purpose, channel: str, salt: str, by: Actor, why: str = "") -> list[str]:
    """The other side of an exchange that a partner began: hashes of those of our customers who agreed to that partner.

    salt: as the partner gave it; one that was used before is refused. In no order that tells anything. Raises
    CannotExchange, NoHashes, NotAllowed.
    """
    key = salt_of(salt)
    with transaction.atomic():
        exchange = _begun(purpose, channel, by=by, why=why, salt=key.hex(), began="them")
        passed = may_all(
            customers=Customer.objects.visible_to(by), purpose=purpose, channel=channel, by=by, at=exchange.at,
        )  # fmt: skip
        points = bulk.fetch(
            ContactPoint, ("value",), by="id", among=sorted(filter(None, passed.points.values()))
        )
        ours = {hash_of(key, value) for (value,) in points}
        told = {customer: Reason.GIVEN for customer, point in passed.points.items() if point is not None}
        _write_down(exchange, told, theirs=(), ours=ours, by=by)
        Exchange.objects.filter(pk=exchange.pk).update(compared_at=timezone.now())
    return sorted(each.hex() for each in ours)


def _points(exchange: Exchange, seen: QuerySet[Customer]) -> Iterator[tuple[int, str]]:
    """Every customer's contact points of the kind that is compared."""
    rows = Contact.objects.filter(point__kind=POINT_KIND[Channel(exchange.channel)], customer__in=seen)
    return rows.values_list("customer_id", "point__value").iterator(chunk_size=5000)


def _write_down(
    exchange: Exchange,
    told: dict[int, Reason],
    *,
    theirs: Collection[bytes],
    ours: Collection[bytes],
    by: Actor,
) -> None:
    """Both lists as counts and digests; whom they have in common, each with the answer."""
    first: dict[int, int] = {}
    for some in bulk.chunks(sorted(told), 5000):
        rows = Identity.objects.filter(customer__in=some).values("customer").annotate(key=Min("pk"))
        first.update(rows.values_list("customer", "key").order_by())
    bulk.insert(
        ExchangeLine,
        ("exchange_id", "identity_id", "answer", "agreed"),
        [
            (exchange.pk, first[each], str(why), why in ALLOWING)
            for each, why in told.items()
            if each in first
        ],
    )
    counts: dict[str, int] = {}
    for why in told.values():
        counts[str(why)] = counts.get(str(why), 0) + 1
    Exchange.objects.filter(pk=exchange.pk).update(
        theirs=len(theirs),
        theirs_digest=digest_of(theirs) if theirs else "",
        ours=len(ours),
        ours_digest=digest_of(ours),
        met=len(told),
        answers=counts,
    )
    detail = {"theirs": len(theirs), "ours": len(ours), "met": len(told), "answers": counts}
    note(by=by, action="compared lists", matter="exchange", key=exchange.pk, detail=detail)


def ask_for_list(*, exchange: Exchange, format: str, by: Actor) -> Export:
    """Ask for the file of those in both lists who agreed: their card, name and the contact point of the exchange.

    It is an export like any other. Whoever withdrew until the file is written is not in it. Raises CannotExchange,
    NotAllowed.
    """
    by.must(Right.EXPORT)
    if exchange.compared_at is None or exchange.began != Exchange.Began.US:
        raise CannotExchange(_("Compare their list first."))
    if exchange.purpose.partner != exchange.partner:
        raise CannotExchange(_("This purpose names another partner by now."))
    if exchange.export is not None and exchange.export.state not in ("failed", "refused", "gone"):
        raise CannotExchange(_("This list was asked for already; it is under Exports."))
    contact = POINT_KIND[Channel(exchange.channel)]
    wish = Wish(further=((FURTHER, str(exchange.pk)),))
    columns = ("card", "name", contact)
    with transaction.atomic():
        try:
            made = ask_for_export(wish=wish, columns=columns, format=format, by=by, why=exchange.partner)
        except BadValue as error:
            raise CannotExchange(str(error)) from error
        Exchange.objects.filter(pk=exchange.pk).update(export=made)
    return made


def agreed_to(rows: QuerySet[Customer], asked: str) -> QuerySet[Customer]:
    """Those of these customers who stand in both lists of an exchange and may be shared with its partner at this moment,
    by the contact point that the file shows. Raises BadValue."""
    exchange = Exchange.objects.select_related("purpose").filter(pk=asked if asked.isdecimal() else 0).first()
    if exchange is None or exchange.purpose.partner != exchange.partner:
        raise BadValue(FURTHER, _("There is no such exchange."))
    lines = ExchangeLine.objects.filter(exchange=exchange, agreed=True, identity__customer=OuterRef("pk"))
    channel = Channel(exchange.channel)
    shown: Any = F(POINT_KIND[channel])
    reached = Subquery(ContactPoint.objects.filter(pk=OuterRef("point")).values("value"))
    question = Asked(exchange.purpose, channel, timezone.now())
    passed = allowed(rows.filter(Exists(lines)), question).alias(point=point_to_use(question))
    found: QuerySet[Customer] = passed.annotate(reached=reached).filter(reached=shown)
    return found


def as_data(exchange: Exchange) -> dict[str, Any]:
    """An exchange for programs; the salt only as long as it is needed."""
    waits = exchange.compared_at is None and exchange.began == Exchange.Began.US
    return {
        "id": exchange.pk,
        "partner": exchange.partner,
        "purpose": exchange.purpose.key,
        "channel": exchange.channel,
        "ground": exchange.ground,
        "began": exchange.began,
        "at": exchange.at,
        "compared_at": exchange.compared_at,
        "salt": exchange.salt if waits else "",
        "theirs": exchange.theirs,
        "ours": exchange.ours,
        "met": exchange.met,
        "answers": exchange.answers,
        "agreed": sum(count for why, count in exchange.answers.items() if why in ALLOWING),
    }
