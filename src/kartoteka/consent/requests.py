"""What customers ask of us by law: taken down, known to be them, done, answered or refused, each step with its proof."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.checking import checked, fields
from kartoteka.people.editing import change_customer, own_identity
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .countries import law_of
from .erasure import forget
from .ledger import Taken, withdraw
from .letters import Addressee, addressee, write, write_of_end
from .models import Channel, Choice, PrivacyRequest, RequestStep, Restriction
from .news import MayHaveChanged
from .purposes import all_purposes
from .wishes import open_wishes, shut

_Kind, _What, _Through = PrivacyRequest.Kind, RequestStep.What, PrivacyRequest.Through
# How a choice was heard that came with a request.
_HOW = {
    _Through.PAGE: Choice.How.PAGE,
    _Through.COUNTER: Choice.How.COUNTER,
    _Through.CALL: Choice.How.CALL,
    _Through.PAPER: Choice.How.PAPER,
    _Through.EMAIL: Choice.How.MESSAGE,
    _Through.API: Choice.How.API,
}
# The laws that allow it allow up to two months more (GDPR art. 12(3)).
_MOST_MORE = dt.timedelta(days=62)
_LONGEST = 4000


class BadRequest(ValueError):
    """This cannot be asked or answered so. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Handed:
    """What is handed over with an answer: a file's bytes, whose hash is kept as proof, and what it is."""

    content: bytes
    what: str


def receive(
    *,
    customer: Customer,
    kind: str,
    through: str,
    by: Actor,
    said: str = "",
    changes: Mapping[str, Any] | None = None,
    known_by: str = "",
) -> PrivacyRequest:
    """Take a request down. The law of the customer's country says until when it must be answered.

    said: their own words. changes: for a correction, what it should be, by field. known_by: how we know that it is them,
    if we do already. The same thing asked twice while the first waits is one request. Raises BadRequest, BadValue,
    NotAllowed.
    """
    by.must_one_of(Right.CHANGE, Right.PRIVACY)
    _check(kind, through, changes)
    changes = _meant(changes or {}, customer.country)
    with transaction.atomic():
        identity = _anchor(customer)
        waiting = list(PrivacyRequest.objects.filter(identity__customer=customer, kind=kind, ended_at=None))
        open_wishes(waiting)
        for same in waiting:
            if same.changes == changes:
                return same
        made = PrivacyRequest.objects.create(
            identity=identity,
            kind=kind,
            through=through,
            said=said.strip()[:_LONGEST],
            changes=shut(identity.pk, changes),
            country=customer.country,
            asked_at=timezone.now(),
            due_on=law_of(customer.country).answer.after(timezone.localdate()),
            **by.as_columns,
        )
        _step(made, _What.RECEIVED, by)
        if known_by:
            _step(made, _What.IDENTIFIED, by, words=known_by)
        note(by=by, action="request received", matter="customer", key=customer.pk, detail=_detail(made))
    return made


def _anchor(customer: Customer) -> Identity:
    """The identity the request hangs on: as staff know this customer, or another of theirs."""
    own = own_identity(customer)
    if own.customer_id == customer.pk:
        return own
    found = Identity.objects.filter(customer=customer).order_by("pk").first()
    if found is None:
        raise BadRequest("customer", _("Nobody is behind this card any more."))
    return found


def _check(kind: str, through: str, changes: Mapping[str, Any] | None) -> None:
    if kind not in _Kind.values:
        raise BadRequest("kind", _("Say what they ask: %(all)s.") % {"all": ", ".join(_Kind.values)})
    if through not in PrivacyRequest.Through.values:
        every = ", ".join(PrivacyRequest.Through.values)
        raise BadRequest("through", _("Say how the request came: %(all)s.") % {"all": every})
    if kind == _Kind.CORRECTION and not changes:
        raise BadRequest("changes", _("Write what is to be corrected, and how."))
    if kind != _Kind.CORRECTION and changes:
        raise BadRequest("changes", _("Only a correction says what should be changed."))


def _meant(changes: Mapping[str, Any], country: str) -> dict[str, Any]:
    """What is asked to be corrected, once it was seen that the fields can hold it. Of a choice its value is kept: what it
    is called differs by language, and whoever answers may have another."""
    catalogue = fields()
    values = checked(changes, catalogue=catalogue, country=country)
    return {key: values[key] if catalogue[key].choices else given for key, given in changes.items()}


def identify(*, request: PrivacyRequest, how: str, by: Actor) -> None:
    """We know that it is them. how: by what (never the number of a document). Raises BadRequest, NotAllowed."""
    by.must(Right.PRIVACY)
    _must_say(
        how, "how", _("Write how you know that it is them: a passport seen, a call back to their number.")
    )
    with transaction.atomic():
        request = _must_wait(request)
        _step(request, _What.IDENTIFIED, by, words=how)


def extend(*, request: PrivacyRequest, until: dt.date, why: str, by: Actor, tell: bool = False) -> None:
    """Take more time, once, up to two months, with a reason that the customer is told.

    tell: by e-mail, at once. Raises BadRequest, NotAllowed; NotTold where only the e-mail could not be sent.
    """
    by.must(Right.PRIVACY)
    _must_say(why, "why", _("Write why it takes longer; the customer must be told."))
    with transaction.atomic():
        request = _must_wait(request)
        if request.steps.filter(what=_What.EXTENDED).exists():
            raise BadRequest("until", _("This was given more time already; the law allows it once."))
        if not request.due_on < until <= request.due_on + _MOST_MORE:
            raise BadRequest("until", _("Choose a day after the one it is due, at most two months later."))
        PrivacyRequest.objects.filter(pk=request.pk).update(due_on=until)
        step = _step(request, _What.EXTENDED, by, words=why, done={"until": until.isoformat()})
    if tell:
        _tell(step, by)


def refuse(*, request: PrivacyRequest, why: str, by: Actor, tell: bool = False) -> None:
    """Refuse, with the reason that the customer is told. tell, and what is raised: see `extend`."""
    by.must(Right.PRIVACY)
    _must_say(
        why, "why", _("Write why it is refused; the customer must be told, and whom they can complain to.")
    )
    with transaction.atomic():
        request = _must_wait(request)
        step = _end(request, _What.REFUSED, by, words=why)
    if tell:
        _tell(step, by)


def answer(
    *,
    request: PrivacyRequest,
    by: Actor,
    words: str = "",
    handed: Handed | None = None,
    tell: bool = False,
) -> RequestStep:
    """Do what was asked and write down what was done: erase, correct, restrict, stop the uses; or hand over what we hold.

    handed: the file they are given, for access and portability. It must be known before that it is them. tell: see
    `extend`. Raises BadRequest, CannotForget, BadValue, BadChoice, NotAllowed, NotTold.
    """
    by.must(Right.PRIVACY)
    with transaction.atomic():
        bulk.be_the_writer()
        request = _must_wait(request)
        if not request.steps.filter(what=_What.IDENTIFIED).exists():
            raise BadRequest("how", _("First write down how you know that it is them."))
        if request.kind in (_Kind.ACCESS, _Kind.PORTABILITY) and handed is None:
            raise BadRequest("handed", _("There is nothing to hand over yet."))
        customer = customer_of(request)
        if customer is None:
            raise BadRequest("customer", _("Nobody is behind this request any more."))
        before = addressee(customer) if tell else None
        # The customer's word does it; who answers need not have the right to change cards of their own accord.
        done = _DO[_Kind(request.kind)](request, customer, by.also(Right.CHANGE))
        if handed is not None:
            done |= {"what": handed.what, "bytes": len(handed.content)}
        digest = hashlib.sha256(handed.content).hexdigest() if handed else ""
        if request.kind == _Kind.ERASURE:
            words = ""  # what is written of them now would be held of them again
        step = _end(request, _What.ANSWERED, by, words=words, done=done, digest=digest)
    if tell:
        _tell(step, by, before)
    return step


def _tell(step: RequestStep, by: Actor, before: Addressee | None = None) -> None:
    """Write to the customer, if they can be: a correction may have given them another address than they had `before`, an
    erasure has taken it."""
    if to := addressee(customer_of(step.request)) or before:
        write(step=step, to=to, by=by)


# ---- what each kind does


def _hand_over(_request: PrivacyRequest, _customer: Customer, _by: Actor) -> dict[str, Any]:
    return {}


def _correct(request: PrivacyRequest, customer: Customer, by: Actor) -> dict[str, Any]:
    open_wishes([request])
    change_customer(customer=customer, changes=request.changes, by=by)
    return {"fields": sorted(request.changes)}


def _erase(request: PrivacyRequest, customer: Customer, by: Actor) -> dict[str, Any]:
    erasure = forget(customer=customer, by=by, why="asked", request=request)
    return {"erasure": erasure.pk, **erasure.done, "kept": erasure.kept}


def _restrict(request: PrivacyRequest, customer: Customer, by: Actor) -> dict[str, Any]:
    """Written for each of their identities: after a split it holds for both."""
    theirs = list(Identity.objects.filter(customer=customer).values_list("pk", flat=True))
    why, at = request.said[:300], timezone.now()
    Restriction.objects.bulk_create(
        Restriction(identity_id=each, why=why, at=at, by_name=by.name) for each in theirs
    )
    announce(MayHaveChanged(identities=tuple(theirs)))
    return {"identities": len(theirs)}


def _stop(request: PrivacyRequest, customer: Customer, by: Actor) -> dict[str, Any]:
    """An objection ends every marketing by every channel (GDPR art. 21(2): at any time, without a reason)."""
    stopped = [each for each in all_purposes() if each.marketing or each.ground == "legitimate_interest"]
    for purpose in stopped:
        for channel in Channel.values:
            taken = Taken(how=_HOW[_Through(request.through)], place=_("an objection"))
            withdraw(customer=customer, purpose=purpose, channel=channel, taken=taken, by=by)
    return {"purposes": [each.key for each in stopped]}


_DO = {
    _Kind.ACCESS: _hand_over,
    _Kind.PORTABILITY: _hand_over,
    _Kind.CORRECTION: _correct,
    _Kind.ERASURE: _erase,
    _Kind.RESTRICTION: _restrict,
    _Kind.OBJECTION: _stop,
}


def end_restrictions(*, customer: Customer, by: Actor, tell: bool = False) -> int:
    """Their data may be used again; of how many identities. tell, and what is raised: see `extend`."""
    by.must(Right.PRIVACY)
    held = Restriction.objects.filter(identity__customer=customer, ended_at=None)
    held_by = tuple(held.values_list("identity", flat=True))
    ended = held.update(ended_at=timezone.now(), ended_by=by.name)
    if ended:
        announce(MayHaveChanged(identities=held_by))
        note(by=by, action="ended restriction", matter="customer", key=customer.pk)
        if tell and (to := addressee(customer)):
            write_of_end(to)
    return ended


def restricted(at: dt.datetime) -> QuerySet[Any]:
    """Whose data must not be used at this moment: rows with a `customer_id`, as the gate asks for them."""
    rows = Restriction.objects.filter(at__lte=at).exclude(ended_at__lte=at)
    return Identity.objects.filter(restrictions__in=rows)


def customer_of(request: PrivacyRequest) -> Customer | None:
    """Whose request it is; None once they are forgotten."""
    return Customer.objects.filter(identities=request.identity_id).first() if request.identity_id else None


# ---- steps


def _must_wait(request: PrivacyRequest) -> PrivacyRequest:
    """The request as it stands, held until the transaction ends. Raises BadRequest where it ended already."""
    fresh = PrivacyRequest.objects.select_for_update().get(pk=request.pk)
    if fresh.ended_at is not None:
        raise BadRequest("request", _("This request was answered already."))
    return fresh


def _must_say(words: str, field: str, message: str) -> None:
    if not words.strip():
        raise BadRequest(field, message)


def _end(
    request: PrivacyRequest,
    what: str,
    by: Actor,
    *,
    words: str = "",
    done: Mapping[str, Any] | None = None,
    digest: str = "",
) -> RequestStep:
    PrivacyRequest.objects.filter(pk=request.pk).update(ended_at=timezone.now())
    note(by=by, action=f"request {what}", matter="request", key=request.pk, detail=_detail(request))
    return _step(request, what, by, words=words, done=done, digest=digest)


def _step(
    request: PrivacyRequest,
    what: str,
    by: Actor,
    *,
    words: str = "",
    done: Mapping[str, Any] | None = None,
    digest: str = "",
) -> RequestStep:
    return RequestStep.objects.create(
        request=request,
        what=what,
        at=timezone.now(),
        **by.as_columns,
        note=words.strip()[:500],
        done=dict(done or {}),
        digest=digest,
    )


def _detail(request: PrivacyRequest) -> dict[str, object]:
    return {"request": request.pk, "kind": str(request.kind)}
