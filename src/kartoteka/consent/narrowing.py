"""The gate as a condition of the database, for lists and rules that are read row by row: who may be reached now.

It says the same as `gate.decide`, whose reasons nobody reads here; tests/laws holds the two equal on random ledgers.
"""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, Case, Exists, Func, OuterRef, Q, QuerySet, Value, When

from kartoteka.people.models import Batch, Claim, Contact, ContactPoint, Customer, Ground, Identity

from .countries import ELSEWHERE, LAWS, Law
from .facts import STAFF, holds
from .gate import Asked
from .listed import registers_for
from .models import Choice, Listed, Settling, Suppression

_NOBODY = Q(pk__in=[])
# What stands, as the statement below numbers it.
_WITHDRAWN, _AGREED, _NO_WORD, _OUT_OF_REACH = range(4)


def allowed(rows: "QuerySet[Customer]", asked: Asked) -> "QuerySet[Any]":
    """Those of these customers who may be reached, for a list that is read page by page."""
    held = _NOBODY
    for query in holds():
        held |= Q(Exists(query(asked.at).filter(customer_id=OuterRef("pk"))))
    if asked.purpose.ended_at is not None and asked.purpose.ended_at <= asked.at:
        return rows.none()
    free, young = _by_law(asked)
    # In the order of the gate, and so that what stands is asked of those alone whom nothing else stops.
    found = rows.filter(Q(merged_into=None), ~held, _grounded())
    if not asked.refusable:
        return found.alias(stands=Stands("pk", asked=asked)).filter(stands__lt=_OUT_OF_REACH)
    enough = Case(When(young, then=Value(_AGREED)), When(free, then=Value(_NO_WORD)), default=Value(_AGREED))
    return found.alias(stands=_of_age_or_not(Stands, asked)).filter(stands__range=(_AGREED, enough))


def point_to_use(asked: Asked) -> Case:
    """The key of the contact point that the gate would use of a customer, or null."""
    return _of_age_or_not(PointToUse, asked)


def _of_age_or_not(what: "type[Stands]", asked: Asked) -> Case:
    _free, young = _by_law(asked)
    child = what("pk", asked=asked, child=True)
    return Case(When(young, then=child), default=what("pk", asked=asked), output_field=BigIntegerField())


def _grounded() -> Q:
    """Something is held of them on a ground: any claim will do where every batch has one, as but for spoilt bases."""
    without = list(Batch.objects.exclude(ground__in=Ground.values).values_list("pk", flat=True))
    claims = Claim.objects.filter(identity__customer=OuterRef("pk"))
    return Q(Exists(claims.exclude(batch__in=without) if without else claims))


def _by_law(asked: Asked) -> tuple[Q, Q]:
    """Of whom their law asks no consent; and who may be too young, by the later end of a date that lacks a part."""
    contracts = Claim.objects.filter(identity__customer=OuterRef("pk"), batch__ground=Ground.CONTRACT)
    bought = Q(Exists(contracts.exclude(batch__source__kind=STAFF)))
    free, young = _NOBODY, _NOBODY
    for law, here in _laws():
        if not asked.asks_consent(law, bought=False):
            free |= here
        elif not asked.asks_consent(law, bought=True):
            free |= here & bought
        if asked.purpose.marketing or asked.asks_consent(law, bought=False):
            day = asked.born_after(law)
            young |= here & (Q(birth__gt=day) | Q(birth__in=[day[:4], day[:7]]))
    return free, young


def _laws() -> list[tuple[Law, Q]]:
    """Each law with the customers it holds for."""
    home = LAWS.get(settings.KARTOTEKA.country, ELSEWHERE)
    found = []
    for law in (*LAWS.values(), ELSEWHERE):
        here = Q(country=law.country) if law.country else ~Q(country__in=["", *LAWS])
        found.append((law, here | Q(country="") if law is home else here))
    return found


# The customer's key stands for {customer}. Written by hand, so that the contact point is worked out once (LIMIT keeps
# SQLite from putting its sum in each place where it is used) and every line is looked at once.
_OF_THEM = """FROM {identity} gate_who JOIN {choice} gate_line ON gate_line.identity_id = gate_who.id
 AND gate_line.purpose_id = %(purpose)s AND gate_line.channel = %(channel)s AND gate_line.at <= %(at)s
 WHERE gate_who.customer_id = {customer}"""
_STOPPED = """EXISTS (SELECT 1 FROM {suppression} gate_stop WHERE gate_stop.point_id = gate_contact.point_id
 AND gate_stop.at <= %(at)s AND (gate_stop.ended_at IS NULL OR gate_stop.ended_at > %(at)s)
 AND (gate_stop.purpose_id IS NULL OR gate_stop.purpose_id = %(purpose)s) {only_bounces})"""
_FREE = """FROM {contact} gate_contact JOIN {point} gate_point ON gate_point.id = gate_contact.point_id
 AND gate_point.kind = %(kind)s WHERE gate_contact.customer_id = {customer} AND NOT {stopped} {clear}"""
# A register of people who want no advertising names them; what was said before that does not count.
_LISTED = """EXISTS (SELECT 1 FROM {listed} gate_list WHERE gate_list.point_id {by_point}
 AND gate_list.register_id IN ({registers}) {after})"""
_THEIRS = "IN (SELECT point_id FROM {contact} WHERE customer_id = {customer})"
_CLEAR = """AND (NOT {named} OR EXISTS (SELECT 1 {of_them} AND gate_line.what = 'given' {line_by}
 AND (gate_line.point_id IS NULL OR gate_line.point_id = gate_contact.point_id) AND NOT {named_after}))"""
# Of the contact points that nothing stops, the one that the newest grant names, else the preferred one.
_POINT = """COALESCE((SELECT gate_line.point_id {of_them} AND gate_line.what = 'given' {line_by}
 AND gate_line.point_id IS NOT NULL AND EXISTS (SELECT 1 {free} AND gate_contact.point_id = gate_line.point_id)
 ORDER BY gate_line.at DESC, gate_line.id DESC LIMIT 1),
 (SELECT gate_contact.point_id {free}
 ORDER BY gate_contact.preferred DESC, gate_contact.position, gate_contact.id LIMIT 1))"""
_ABOUT = """({line}.what = 'withdrawn' OR ({line}.what = 'given' {by}
 AND ({line}.point_id IS NULL OR {line}.point_id = gate_reach.point_id)))"""
# The lines that count: of each identity the newest, without those that another of the customer's settled.
_STANDS = """(SELECT {unreached} COALESCE((SELECT MIN(CASE WHEN gate_line.what = 'withdrawn' THEN {withdrawn}
 WHEN {good} THEN {agreed} ELSE {unsaid} END) {of_them} AND {about_line}
 AND NOT EXISTS (SELECT 1 FROM {choice} gate_newer WHERE gate_newer.identity_id = gate_line.identity_id
 AND gate_newer.purpose_id = %(purpose)s AND gate_newer.channel = %(channel)s AND gate_newer.at <= %(at)s
 AND gate_newer.at >= gate_line.at AND (gate_newer.at > gate_line.at OR gate_newer.id > gate_line.id) AND {about_newer})
 AND NOT EXISTS (SELECT 1 FROM {settling} gate_settling JOIN {choice} gate_by ON gate_by.id = gate_settling.choice_id
 JOIN {identity} gate_whose ON gate_whose.id = gate_by.identity_id WHERE gate_settling.settled_id = gate_line.id
 AND gate_whose.customer_id = {customer} AND gate_by.at <= %(at)s AND gate_by.purpose_id = %(purpose)s
 AND gate_by.channel = %(channel)s AND {about_by})), {unsaid}) {end}
 FROM (SELECT {reach} AS point_id LIMIT 1) gate_reach)"""


class Stands(Func):
    """What stands of a customer for a purpose and channel: one of the numbers above. Stands("pk", asked=...).

    child: of grants only those of a parent or guardian count.
    """

    output_field = BigIntegerField()
    _statement = _STANDS

    def __init__(self, customer: Any, *, asked: Asked, child: bool = False, **extra: Any) -> None:
        super().__init__(customer, **extra)
        self.asked = asked
        self.child = child

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """The statement with its parameters, in the order in which they stand in it."""
        customer, none = compiler.compile(self.source_expressions[0])
        assert not none, "a column"
        asked = self.asked
        named = {
            "purpose": asked.purpose.pk,
            "channel": str(asked.channel),
            "kind": asked.kind,
            "at": connection.ops.adapt_datetimefield_value(asked.at),
            "not_before": connection.ops.adapt_datetimefield_value(asked.not_before),
        }
        return _in_order(self._written(customer), named)

    def _written(self, customer: str) -> str:
        tables = _tables()
        asked = self.asked
        only = "" if asked.refusable else "AND gate_stop.why = 'bounce'"
        stopped = _STOPPED.format(**tables, only_bounces=only)
        known = {**tables, "customer": customer}
        of_them = _OF_THEM.format(**known)
        by = {
            each: f"AND gate_{each}.guardian <> ''" if self.child else "" for each in ("line", "newer", "by")
        }
        registers = registers_for(asked.channel) if asked.purpose.marketing else []
        clear = self._clear(known, of_them, by["line"], registers) if asked.kind and registers else ""
        free = _FREE.format(**known, stopped=stopped, clear=clear)
        reach = (
            _POINT.format(of_them=of_them, free=free, line_by=by["line"])
            if asked.kind
            else "CAST(NULL AS bigint)"
        )
        good = [
            *(["gate_line.at >= %(not_before)s"] if asked.not_before else []),
            *(["gate_line.confirmed"] if asked.confirmed else []),
        ]
        unsaid = str(_NO_WORD)
        if registers:
            its = "= gate_reach.point_id"
            theirs = _THEIRS.format(**known)
            by_point = its if asked.kind else theirs
            good.append(f"NOT {_named(known, registers, by_point, _AFTER)}")
            unsaid = (
                f"CASE WHEN {_named(known, registers, by_point)} THEN {_OUT_OF_REACH} ELSE {_NO_WORD} END"
            )
        unreached = f"CASE WHEN gate_reach.point_id IS NULL THEN {_OUT_OF_REACH} ELSE" if asked.kind else ""
        about = {f"about_{each}": _ABOUT.format(line=f"gate_{each}", by=its) for each, its in by.items()}
        return self._statement.format(
            **known, **about, of_them=of_them, reach=reach, good=" AND ".join(good) or "1 = 1",
            unreached=unreached, end="END" if asked.kind else "",
            withdrawn=_WITHDRAWN, agreed=_AGREED, unsaid=unsaid,
        )  # fmt: skip

    @staticmethod
    def _clear(known: dict[str, str], of_them: str, line_by: str, registers: list[int]) -> str:
        """That a contact point stands in no register, or that somebody agreed to be reached there since."""
        by_point = "= gate_contact.point_id"
        named, named_after = (_named(known, registers, by_point, after) for after in ("", _AFTER))
        return _CLEAR.format(of_them=of_them, line_by=line_by, named=named, named_after=named_after)


_AFTER = "AND gate_list.since > gate_line.at"


def _named(known: dict[str, str], registers: list[int], by_point: str, after: str = "") -> str:
    keys = ", ".join(map(str, registers))
    return _LISTED.format(listed=known["listed"], registers=keys, by_point=by_point, after=after)


class PointToUse(Stands):
    """The key of the contact point to use, or null."""

    _statement = "({reach})"


def _tables() -> dict[str, str]:
    quote = connection.ops.quote_name
    models = {
        "identity": Identity, "choice": Choice, "settling": Settling, "suppression": Suppression, "contact": Contact,
        "point": ContactPoint, "listed": Listed,
    }  # fmt: skip
    return {name: quote(model._meta.db_table) for name, model in models.items()}


def _in_order(statement: str, named: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """The statement with nameless marks, and the value of each."""
    parts = statement.split("%(")
    found = [parts[0]]
    values = []
    for part in parts[1:]:
        name, _end, rest = part.partition(")s")
        values.append(named[name])
        found.append(rest)
    return "%s".join(found), tuple(values)
