"""Mapping a file's columns: what the fields are called, in which groups they are offered, how one was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.intake.files.fields import ADDRESS_PARTS, CONSENT_PARTS, MANY, Target, target
from kartoteka.intake.files.order_columns import may_mean
from kartoteka.people.catalogue import Field

Text = str | Promise
Choices = list[tuple[Text, list[tuple[str, str]]]]

BASES: dict[str, Text] = {
    "name": gettext_lazy("Whole name"),
    "title": gettext_lazy("Title"),
    "given": gettext_lazy("Given name"),
    "middle": gettext_lazy("Middle name"),
    "family": gettext_lazy("Family name"),
    "suffix": gettext_lazy("Suffix"),
    "nickname": gettext_lazy("Nickname"),
    "sex": gettext_lazy("Sex"),
    "language": gettext_lazy("Language"),
    "birth": gettext_lazy("Date of birth"),
    "birth_day": gettext_lazy("Day of birth"),
    "birth_month": gettext_lazy("Month of birth"),
    "birth_year": gettext_lazy("Year of birth"),
    "birth_place": gettext_lazy("Place of birth"),
    "company": gettext_lazy("Company"),
    "form": gettext_lazy("Legal form"),
    "registration": gettext_lazy("Registration number"),
    "national_id": gettext_lazy("National identity number"),
    "profession": gettext_lazy("Profession"),
    "education": gettext_lazy("Education"),
    "income": gettext_lazy("Income bracket"),
    "children": gettext_lazy("Children"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "handle": gettext_lazy("Name at a messenger or network"),
    "website": gettext_lazy("Website"),
    "tags": gettext_lazy("Tags"),
    "note": gettext_lazy("Note"),
    "consent": gettext_lazy("Consent"),
    "key": gettext_lazy("The source's own number"),
    "card": gettext_lazy("Our card number"),
    "created": gettext_lazy("Customer there since"),
}
PARTS: dict[str, Text] = {
    "": gettext_lazy("Whole address in one cell"),
    "street": gettext_lazy("Street"),
    "number": gettext_lazy("House number"),
    "flat": gettext_lazy("Flat"),
    "street2": gettext_lazy("Second line"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("City"),
    "place": gettext_lazy("Postcode and city"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
}
ORDERS: dict[str, Text] = {
    "order.number": gettext_lazy("Number of the order"),
    "order.at": gettext_lazy("Date of the order"),
    "order.time": gettext_lazy("Time of the order"),
    "order.state": gettext_lazy("State of the order"),
    "order.channel": gettext_lazy("Channel"),
    "order.currency": gettext_lazy("Currency"),
    "order.total": gettext_lazy("Total of the order"),
    "order.discount": gettext_lazy("Discount on the order"),
    "order.shipping": gettext_lazy("Delivery cost"),
    "order.tax": gettext_lazy("Tax on top of the prices"),
    "order.due_on": gettext_lazy("To be paid by"),
    "order.paid": gettext_lazy("Amount paid"),
    "order.paid_at": gettext_lazy("Paid on"),
    "order.method": gettext_lazy("How it was paid"),
    "order.refunded": gettext_lazy("Amount given back"),
    "order.coupon": gettext_lazy("Coupon"),
    "order.place": gettext_lazy("Where the goods are"),
    "order.note": gettext_lazy("Note to the order"),
    "line.sku": gettext_lazy("Article number"),
    "line.name": gettext_lazy("Product"),
    "line.category": gettext_lazy("Category"),
    "line.quantity": gettext_lazy("Quantity"),
    "line.price": gettext_lazy("Price of one"),
    "line.total": gettext_lazy("Amount of the line"),
    "line.discount": gettext_lazy("Discount on the line"),
    "line.tax": gettext_lazy("Tax on the line, on top of the price"),
    "line.cost": gettext_lazy("What one cost us"),
}
LABELS: dict[str, Text] = {
    "mobile": gettext_lazy("mobile"),
    "home": gettext_lazy("home"),
    "work": gettext_lazy("work"),
    "fax": gettext_lazy("fax"),
    "main": gettext_lazy("main"),
    "billing": gettext_lazy("billing"),
    "shipping": gettext_lazy("delivery"),
    "other": gettext_lazy("other"),
    "email": gettext_lazy("by e-mail"),
    "sms": gettext_lazy("by text message"),
    "phone": gettext_lazy("by phone"),
    "post": gettext_lazy("by post"),
    "messenger": gettext_lazy("by messenger"),
    "ads": gettext_lazy("by advertisements"),
}
HOW: dict[str, Text] = {
    "remembered": gettext_lazy("as last time"),
    "preset": gettext_lazy("known export"),
    "header": gettext_lazy("by its heading"),
    "content": gettext_lazy("by its content"),
    "said": gettext_lazy("as you said"),
}
_GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (gettext_lazy("Name"), ("name", "given", "family", "middle", "title", "suffix", "nickname")),
    (gettext_lazy("Phone"), ("phone", *(f"phone:{each}" for each in MANY["phone"]))),
    (gettext_lazy("E-mail"), ("email", *(f"email:{each}" for each in MANY["email"]))),
    (gettext_lazy("Company"), ("company", "form", "registration", "website")),
    (
        gettext_lazy("About them"),
        (
            *(
                "birth",
                "birth_day",
                "birth_month",
                "birth_year",
                "birth_place",
                "sex",
                "language",
                "profession",
            ),
            *("education", "income", "children", "national_id", "handle", "tags", "note"),
        ),
    ),
    (gettext_lazy("Of the source"), ("key", "created", "card")),
    (
        gettext_lazy("Consent"),
        (
            "consent",
            *(f"consent:{each}" for each in MANY["consent"]),
            *(f"consent.{each}:email" for each in CONSENT_PARTS),
        ),
    ),
)
_ADDRESSES: tuple[tuple[str, Text], ...] = (
    ("", gettext_lazy("Address")),
    ("home", gettext_lazy("Home address")),
    ("work", gettext_lazy("Work address")),
    ("billing", gettext_lazy("Billing address")),
    ("shipping", gettext_lazy("Delivery address")),
    ("other", gettext_lazy("Other address")),
)


@dataclass(frozen=True)
class Column:
    """One column of a sheet on the mapping page. name: of its input; was: the field it is mapped to as the page is made;
    odd: its field is none of the choices."""

    name: str
    heading: str
    examples: list[str]
    field: str
    was: str
    field_name: str
    how: Text
    odd: bool


@dataclass(frozen=True)
class MappedSheet:
    """One sheet on the mapping page. name: of its switch."""

    name: str
    title: str
    use: bool
    columns: list[Column]

    @property
    def mapped(self) -> int:
        return sum(bool(each.field) for each in self.columns)


def field_name(key: str, own: Mapping[str, Field]) -> str:
    """What a field key is called: "phone:mobile" is "Phone, mobile"."""
    try:
        meant = target(key)
    except ValueError:
        return key
    if key in ORDERS:
        return str(ORDERS[key])
    if meant.base == "x":
        return str(own[key].label) if key in own else key
    name = _address_part(meant) if meant.base == "address" else str(BASES[meant.base])
    label = str(LABELS.get(meant.label, meant.label))
    return _("%(field)s, %(label)s") % {"field": name, "label": label} if label else name


def _address_part(meant: Target) -> str:
    return str(PARTS[meant.part])


def choices(own: Iterable[Field], *, of_orders: bool = False) -> Choices:
    """All that a column can mean, in groups: in a file of customers, or in one of orders."""
    if of_orders:
        orders: Choices = [
            (title, [(key, str(name)) for key, name in ORDERS.items() if key.startswith(base)])
            for title, base in ((_("The order"), "order."), (_("A line of it"), "line."))
        ]
        theirs = [
            (title, [each for each in group if may_mean(each[0], of_orders=True)])
            for title, group in choices(())
        ]
        return [*orders, *((title, group) for title, group in theirs if group)]
    known = {each.key: each for each in own}
    groups: Choices = [(label, [(key, field_name(key, known)) for key in keys]) for label, keys in _GROUPS]
    places: Choices = [
        (
            title,
            [(Target("address", part, label).key, str(PARTS[part])) for part in ("", *ADDRESS_PARTS)],
        )
        for label, title in _ADDRESSES
    ]
    mine: Choices = [(_("Own fields"), [(key, str(each.label)) for key, each in known.items()])]
    return [*groups[:3], places[0], *groups[3:5], *(mine if known else []), groups[5], *places[1:]]


def sheets_of(
    mapping: Mapping[str, Any], own: Iterable[Field], said: Mapping[str, str] | None = None
) -> list[MappedSheet]:
    """The sheets of a file for the page. said: what a form brought that could not be taken, by the names of its inputs."""
    known = {each.key: each for each in own}
    offered = {key for _label, group in choices(known.values()) for key, _name in group} | ORDERS.keys()
    found = []
    for place, (title, sheet) in enumerate(mapping.items()):
        columns = []
        for at, heading in enumerate(sheet["columns"]):
            name = f"field-{place}-{at}"
            key = (said or {}).get(name, sheet["fields"][at] or "")
            columns.append(
                Column(
                    name=name,
                    heading=heading,
                    examples=sheet["examples"][at] if at < len(sheet.get("examples", [])) else [],
                    field=key,
                    was=sheet["fields"][at] or "",
                    field_name=field_name(key, known) if key else "",
                    how=HOW.get(sheet["how"][at] if at < len(sheet.get("how", [])) else "", "")
                    if key
                    else "",
                    odd=bool(key) and key not in offered,
                )
            )
        use = f"use-{place}" in said if said else bool(sheet["use"])
        found.append(MappedSheet(f"use-{place}", title, use, columns))
    return found


def read_columns(mapping: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the form says of columns otherwise than its page had proposed: sheet, heading, field ("" to keep the column
    only)."""
    fields: dict[str, dict[str, str]] = {}
    for place, (title, sheet) in enumerate(mapping.items()):
        for at, heading in enumerate(sheet["columns"]):
            said = sent.get(f"field-{place}-{at}")
            if said is not None and said != sent.get(f"was-{place}-{at}", sheet["fields"][at] or ""):
                fields.setdefault(title, {})[heading] = said
    return fields


def read_use(mapping: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, bool]:
    """Which sheets are to be used; one sheet alone always is."""
    if len(mapping) == 1:
        return dict.fromkeys(mapping, True)
    return {title: f"use-{place}" in sent for place, title in enumerate(mapping)}
