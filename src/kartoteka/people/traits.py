"""What rules can speak of in the record: built-in and own fields, tags, sources, gaps, freshness, what was told when."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.db.models import CharField, Exists, F, FloatField, OuterRef, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.sql_entries import HasPart
from kartoteka.kit.sql_time import DAY, UtcDay
from kartoteka.kit.trait_events import COUNT, Events
from kartoteka.kit.trait_kinds import (
    NOBODY,
    Age,
    Birthday,
    Entries,
    Several,
    Valued,
    YesNo,
    next_of,
    soon,
)
from kartoteka.kit.traits import Op, Part, Test, Text, Trait, register, register_many
from kartoteka.kit.traits import Type as Of
from kartoteka.trust.actor import STAGE_NAMES

from .catalogue import BUILT_IN, LISTS, Field, Type
from .checking import fields
from .freshness import day_of
from .listing import lacks
from .models import Claim, Customer, Ground, Identity, Relation, Source
from .sealed_traits import sealed_trait

WHO = _("Who they are")
REACH = _("How to reach them")
KNOWN = _("What we know and how well")
OWN = _("Your own fields")
# So many of the newest customers are looked at for what is often written, and so much of it offered.
_NEWEST, _OFFERED = 1000, 60
_COLUMNS = {
    Type.TEXT: Of.TEXT, Type.CHOICE: Of.CHOICE, Type.COUNTRY: Of.CHOICE, Type.LANGUAGE: Of.CHOICE,
}  # fmt: skip
_JSON = {
    Type.TEXT: Of.TEXT, Type.LONG: Of.TEXT, Type.LINK: Of.TEXT, Type.CHOICE: Of.CHOICE, Type.COUNTRY: Of.CHOICE,
    Type.LANGUAGE: Of.CHOICE, Type.DATE: Of.DATE, Type.PARTIAL_DATE: Of.TEXT, Type.NUMBER: Of.NUMBER,
    Type.MONEY: Of.MONEY, Type.WORDS: Of.SET, Type.CHOICES: Of.SET, Type.YESNO: Of.YESNO,
}  # fmt: skip
# Free text may hold an address or a number somebody typed into it.
_TELLS = {"note", "service", "website", "name", "company", "nickname"}


def register_all() -> None:
    """Make the traits of the record known."""
    for each in (*_of_columns(), *_of_reach(), *_of_knowledge()):
        register(each)
    register_many(_of_fields)


def countries() -> Sequence[tuple[str, Text]]:
    """Country codes with their names in the language that is active."""
    names = Locale((get_language() or "en")[:3].rstrip("-")).territories
    return sorted(
        ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()), key=_name
    )


def languages() -> Sequence[tuple[str, Text]]:
    """Language codes with their names in the language that is active."""
    names = Locale((get_language() or "en")[:3].rstrip("-")).languages
    return sorted(
        ((code, name) for code, name in names.items() if len(code) == 2 or code == "fil"), key=_name
    )


def _name(each: tuple[str, Text]) -> str:
    return str(each[1]).casefold()


def _of_columns() -> Iterator[Trait]:
    kinds = tuple((each.value, each.label) for each in Customer.CustomerKind)
    yield Valued("kind", _("Kind of customer"), Of.CHOICE, WHO, of="kind", offered=lambda: kinds)
    stages = tuple((each.value, label) for each, label in STAGE_NAMES.items())
    yield Valued("stage", _("Stage"), Of.CHOICE, WHO, of="stage", offered=lambda: stages)
    for each in BUILT_IN:
        if each.column and each.type in _COLUMNS:
            offered = _offered(each)
            label = each.label
            yield Valued(each.key, label, _COLUMNS[each.type], WHO, of=each.key, offered=offered,
                         sensitive=each.sensitive, contact=each.key in _TELLS)  # fmt: skip
    yield Birthday("birth", _("Birthday"), Of.BIRTHDAY, WHO, of="birth")
    yield Age("age", _("Age"), Of.NUMBER, WHO, unit=_("years"), of="birth")
    relations = tuple((each.value, each.label) for each in Relation.RelationKind)
    yield Several("relation", _("Relation"), Of.SET, WHO, offered=lambda: relations, having=_related)


def _of_reach() -> Iterator[Trait]:
    yield Valued("city", _("City"), Of.TEXT, REACH, of="city", suggested=_cities)
    for key, label in (("postcode", _("Postcode")), ("region", _("Region"))):
        # Of the first address, as the city and the country are.
        first = KeyTextTransform(key, KeyTransform(0, KeyTransform("addresses", "more")))
        yield Valued(key, label, Of.TEXT, REACH, of=Coalesce(first, Value(""), output_field=TextField()))
    yield Valued("country", _("Country"), Of.CHOICE, REACH, of="country", offered=countries)
    yield Several(
        "network", _("Messengers and networks"), Of.SET, REACH, having=_on_network, suggested=_networks
    )
    yield Valued("email", _("E-mail"), Of.TEXT, REACH, of="email", contact=True)
    yield Valued("phone", _("Phone"), Of.TEXT, REACH, of="phone", contact=True)
    yield YesNo(
        "has_email", _("Has an e-mail address"), Of.YESNO, REACH, holds=lambda _at: Q(email__blank=False)
    )
    yield YesNo("has_phone", _("Has a phone"), Of.YESNO, REACH, holds=lambda _at: Q(phone__blank=False))


def _cities() -> list[str]:
    """Where the newest customers live, the most frequent first."""
    rows = Customer.objects.filter(merged_into=None).order_by("-pk").values_list("city", flat=True)
    found = Counter(rows[:_NEWEST])
    found.pop("", None)
    return [each for each, _times in found.most_common(_OFFERED)]


def _on_network(some: Sequence[str] | None, _at: dt.datetime) -> Q:
    return Q(HasPart("more", "handles", "network", some))


def _networks() -> list[str]:
    """Where the newest customers can be found, the most frequent first."""
    rows = Customer.objects.filter(merged_into=None, more__has_key="handles").order_by("-pk")
    lists = rows.values_list("more__handles", flat=True)[:_NEWEST]
    found = Counter(str(each.get("network") or "") for entries in lists for each in entries or ())
    found.pop("", None)
    return [each for each, _times in found.most_common(_OFFERED)]


def _of_knowledge() -> Iterator[Trait]:
    yield Valued("made", _("Customer since"), Of.MOMENT, KNOWN, of="made_at")
    yield Valued("heard", _("Last heard of"), Of.MOMENT, KNOWN, of="heard_at")
    yield Valued("completeness", _("Complete"), Of.NUMBER, KNOWN, unit="%", of="completeness")
    yield Several("missing", _("Missing"), Of.SET, KNOWN, offered=_gaps, having=_lacking)
    yield YesNo("stale", _("Has facts to confirm"), Of.YESNO, KNOWN, holds=_stale, turning=_stale_from)
    yield Several("source", _("Source"), Of.SET, KNOWN, offered=_sources, having=_from_source)
    standings = tuple((each.value, each.label) for each in Claim.Standing)
    grounds = tuple((value, label) for value, label in Ground.choices)
    yield Events(
        "told", _("Something was told of them"), Of.EVENT, KNOWN, rows=Claim.objects.all,
        measures=((COUNT, _("times")),),
        parts=(
            Part("source", _("Source"), Of.CHOICE, "batch__source__name", _sources),
            Part("field", _("Field"), Of.CHOICE, "values", _named_fields, keys=True),
            Part("standing", _("How sure"), Of.CHOICE, "standing", lambda: standings),
            Part("ground", _("Ground"), Of.CHOICE, "batch__ground", lambda: grounds),
        ),
    )  # fmt: skip


def _offered(each: Field) -> Any:
    if each.type == Type.COUNTRY:
        return countries
    if each.type == Type.LANGUAGE:
        return languages
    return (lambda: each.choices) if each.choices else None


def _of_fields() -> Iterator[Trait]:
    """The fields of the record that have no column, and the business's own."""
    lists = {Type.WORDS, Type.CHOICES}
    for each in fields().values():
        if each.column or each.type not in _JSON or (each.type in LISTS and each.type not in lists):
            continue
        if not (each.sensitive and each.type == Type.MONEY):  # sealed amounts are not compared
            yield _of_field(each)


def _of_field(each: Field) -> Trait:
    domain = OWN if each.own else WHO
    type = _JSON[each.type]
    if each.sensitive:
        return sealed_trait(each, type, domain, _offered(each))
    known = Q(more__has_key=each.key)
    value = KeyTransform(each.key, "more")
    text = Coalesce(KeyTextTransform(each.key, "more"), Value(""), output_field=TextField())
    called = {"sensitive": each.sensitive, "contact": each.key in _TELLS or each.type == Type.LONG,
              "offered": _offered(each)}  # fmt: skip
    if type == Of.SET:

        def having(some: Sequence[str] | None, _at: dt.datetime, key: str = each.key) -> Q:
            return Q(Entries("more", key, some))

        return Several(each.key, each.label, type, domain, having=having, **called)
    if type == Of.YESNO:

        def holds(_at: dt.datetime, key: str = each.key) -> Q:
            return Q(**{f"more__{key}": True})

        return YesNo(each.key, each.label, type, domain, holds=holds, **called)
    if type == Of.MONEY:
        amount = Cast(KeyTextTransform("amount", value), FloatField())
        return Money(each.key, each.label, type, domain, of=amount, guard=known, field=each.key, **called)
    if type == Of.NUMBER:
        figure = Cast(KeyTextTransform(each.key, "more"), FloatField())
        return Valued(each.key, each.label, type, domain, of=figure, guard=known, **called)
    return Valued(each.key, each.label, type, domain, of=text, **called)


@dataclass(frozen=True)
class Money(Valued):
    """An amount with its currency; amounts of another currency are not compared."""

    field: str = ""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers who pass the test."""
        found = super().condition(test, at)
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return found
        return Q(**{f"more__{self.field}__currency": test.currency}) & found


def _related(some: Sequence[str] | None, _at: dt.datetime) -> Q:
    rows = Relation.objects.filter(one__customer=OuterRef("pk"))
    return Q(Exists(rows if some is None else rows.filter(kind__in=some)))


def _gaps() -> list[tuple[str, Text]]:
    return [(each.key, each.label) for each in fields().values() if each.weight]


def _named_fields() -> list[tuple[str, Text]]:
    return [(each.key, each.label) for each in fields().values() if not each.sensitive]


def _lacking(some: Sequence[str] | None, _at: dt.datetime) -> Q:
    catalogue = fields()
    found = NOBODY
    for key in [each for each, _label in _gaps()] if some is None else some:
        if key in catalogue:
            found |= lacks(catalogue[key])
    return found


def _sources() -> list[tuple[str, Text]]:
    return [(name, name) for name in Source.objects.values_list("name", flat=True)[:500]]


def _from_source(some: Sequence[str] | None, _at: dt.datetime) -> Q:
    rows = Identity.objects.filter(customer=OuterRef("pk"))
    if some is None:
        return Q(Exists(rows))
    return Q(
        Exists(
            rows.filter(source__in=list(Source.objects.filter(name__in=some).values_list("pk", flat=True)))
        )
    )


def _stale(at: dt.datetime) -> Q:
    return Q(due_on__lt=day_of(at))


def _stale_from(at: dt.datetime) -> Any:
    day = Cast(F("due_on"), CharField())
    return next_of((Q(due_on__gte=day_of(at)), soon(UtcDay(day, DAY), at)))
