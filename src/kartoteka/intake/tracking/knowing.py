"""Whose browser is it, whose account: visitors get their identities, by the one door through which all customers come.

An account is an identity from its first call. A browser is nobody's, and no customer, until it says who it is (`identify`),
is told with an account in the same call, or is named by an `alias`: then it gets an identity of its own beside the
account's, so that staff can separate the two, and its past counts with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from kartoteka.activity.event_models import Visitor
from kartoteka.activity.visits import Known, Who, give_identity
from kartoteka.intake.connection_models import Connection
from kartoteka.kit import bulk
from kartoteka.people.checking import fields
from kartoteka.people.door import turned_away
from kartoteka.people.editing import batch_of
from kartoteka.people.models import Batch, Identity
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.quality.arrival import Coming, sure_matches
from kartoteka.quality.merging import Group, merge_groups
from kartoteka.trust.actor import SYSTEM

from .reading import Told
from .traits import claimed

ACCOUNT, BROWSER = Visitor.How.ACCOUNT.value, Visitor.How.BROWSER.value


@dataclass(slots=True)
class Knowledge:
    """What a number of calls tell of who visits, before the base is asked.

    said: the standard values of each who said something; typed: what was sent. links: browser -> account. aliases: former
    id -> the one now. problems: by visitor, what could not be read.
    """

    said: dict[Who, dict[str, Any]] = field(default_factory=dict)
    typed: dict[Who, dict[str, Any]] = field(default_factory=dict)
    accounts: set[Who] = field(default_factory=set)
    links: dict[Who, Who] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    problems: dict[Who, list[str]] = field(default_factory=dict)


def gathered(told: Sequence[Told], *, country: str) -> Knowledge:
    """What these calls tell of who is who, in their order; traits are standardised here."""
    found = Knowledge()
    for each in told:
        who = each.event.visitor
        if each.account:
            found.accounts.add((ACCOUNT, each.account))
            if each.browser:
                found.links.setdefault((BROWSER, each.browser), (ACCOUNT, each.account))
        if each.previous and each.account:
            found.aliases[each.previous] = each.account
        if each.traits and not each.event.bot:
            traits = dict(each.traits)
            if each.event.kind == "group":
                traits = {"company": traits["name"]} if traits.get("name") else {}
            found.typed.setdefault(who, {}).update(traits)
    catalogue = fields() if found.typed else {}
    for who, typed in found.typed.items():
        values, problems = claimed(typed, catalogue=catalogue, country=country)
        if problems:
            found.problems[who] = problems
        if values:
            found.said[who] = values
    return found


def make_known(knowledge: Knowledge, *, connection: Connection, known: dict[Who, Known]) -> list[int]:
    """Give identities to those who are known now, write what was said of them, and join what belongs together.

    known: a row for each visitor; their identities are filled in. Gives the keys of the visitors who got an identity by
    this, whose past is somebody's from now on. Inside a transaction of the one writer.
    """
    had = {who for who, visitor in known.items() if visitor.identity is not None}
    batch = _Batch(connection)
    digests = _take_persons(knowledge, batch, known)
    _take_browsers(_links(knowledge, known), batch, known)
    fresh = {who: v for who, v in known.items() if v.identity is not None and who not in had}
    give_identity(
        {v.pk: v.identity for v in fresh.values() if v.identity is not None},
        {known[who].pk: digest for who, digest in digests.items()},
    )
    return [visitor.pk for visitor in fresh.values()]


class _Batch:
    """Today's batch of a connection, made when it is first needed."""

    def __init__(self, connection: Connection) -> None:
        self.source = connection.source
        self._connection = connection
        self._found: Batch | None = None

    @property
    def row(self) -> Batch:
        """The batch."""
        if self._found is None:
            label = f"{self._connection.name} {timezone.localdate().isoformat()}"[:255]
            ground = self._connection.ground
            rows = Batch.objects.filter(source=self.source, label=label, ground=ground, by_kind=SYSTEM.kind)
            self._found = rows.first() or batch_of(source=self.source, ground=ground, by=SYSTEM, label=label)
        return self._found


def _take_persons(knowledge: Knowledge, batch: _Batch, known: dict[Who, Known]) -> dict[Who, int]:
    """Accounts that come for the first time, and whoever said something new; the digests of what they said."""
    digests: dict[Who, int] = {}
    arrivals: list[tuple[Who, Arrival]] = []
    for who in dict.fromkeys([*knowledge.said, *sorted(knowledge.accounts)]):
        visitor, values = known.get(who), knowledge.said.get(who, {})
        if visitor is None:
            continue
        digest = _digest(values)
        if visitor.identity is None or (values and digest != visitor.said):
            typed = knowledge.typed.get(who, {})
            arrivals.append((who, Arrival(key=_key(who), values=values, typed=_as_texts(typed))))
            digests[who] = digest
    _arrive(arrivals, batch, known, sure=True)
    return {who: digest for who, digest in digests.items() if known[who].identity is not None}


def _as_texts(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {key[:100]: value for key, value in list(typed.items())[:100]}


def _digest(values: Mapping[str, Any]) -> int:
    if not values:
        return 0
    return int.from_bytes(blake2b(bulk.json(values).encode(), digest_size=8).digest(), "big", signed=True)


def _key(who: Who) -> str:
    """The identity's key at the source: the account's own id; a browser's marked as one, so that the two never meet."""
    how, key = who
    return key if how == ACCOUNT else f"browser {key}"


def _arrive(
    arrivals: list[tuple[Who, Arrival]], batch: _Batch, known: dict[Who, Known], *, sure: bool
) -> None:
    """Pass these through the door; who asked to be forgotten is turned away and stays nobody."""
    if not arrivals:
        return
    away = turned_away(batch.source.pk, [(each.key, each.values) for _who, each in arrivals])
    rest = [each for place, each in enumerate(arrivals) if place not in away]
    while rest:
        some = rest
        if sure:
            matches = sure_matches([Coming(a.key, a.values) for _who, a in rest], source=batch.source.pk)
            some = rest[: len(matches)]
            for (_who, arrival), match in zip(some, matches, strict=True):
                arrival.customer, arrival.beside = match.customer, match.beside
        recorded = record_claims(batch=batch.row, arrivals=[arrival for _who, arrival in some])
        for (who, _arrival), identity in zip(some, recorded.identities, strict=True):
            known[who].identity = identity
        rest = rest[len(some) :]


def _links(knowledge: Knowledge, known: Mapping[Who, Known]) -> dict[Who, Who]:
    """Which visitors belong with which accounts: named together, or one called the other's former id."""
    links = dict(knowledge.links)
    for former, account in knowledge.aliases.items():
        as_account = (ACCOUNT, former)
        its = known.get(as_account)
        who = as_account if its is not None and its.identity is not None else (BROWSER, former)
        links[who] = (ACCOUNT, account)
    return {who: account for who, account in links.items() if who != account and who in known}


def _take_browsers(links: Mapping[Who, Who], batch: _Batch, known: dict[Who, Known]) -> None:
    """Put browsers beside the accounts they belong with; those who had said themselves who they are are joined to them."""
    pairs = [(known[who], known[account]) for who, account in links.items() if account in known]
    theirs = [v.identity for pair in pairs for v in pair if v.identity is not None]
    customers = {
        identity: (customer, beside)
        for identity, customer, beside in bulk.fetch(
            Identity, ("id", "customer_id", "beside_id"), by="id", among=theirs
        )
    }
    arrivals, groups = [], []
    for who, account in links.items():
        visitor, its = known[who], known.get(account)
        if its is None or its.identity is None:
            continue
        customer, _beside = customers[its.identity]
        if visitor.identity is None:
            arrivals.append((who, Arrival(_key(who), {}, customer=customer, beside=its.identity)))
        elif customers[visitor.identity] != (customer, customers[visitor.identity][1]):
            other, beside = customers[visitor.identity]
            # A browser that stands beside another account is one that several people use: they stay apart.
            if beside is None and _knows_only(batch.source.pk, other):
                groups.append(Group(sorted((customer, other))))
    _arrive(arrivals, batch, known, sure=False)
    if groups:
        merge_groups(groups, by=SYSTEM)


def _knows_only(source: int, customer: int) -> bool:
    """Whether a customer is known by this source alone. Anybody may send an alias: it does not join what others say."""
    return not Identity.objects.filter(customer=customer).exclude(source=source).exists()
