"""The small parts of which screens are made; README.md beside the templates shows each."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kartoteka.people.card import Origin
from kartoteka.people.catalogue import KIND_NAMES, Field, Kind, Type
from kartoteka.people.listing import COLUMNS
from kartoteka.people.models import Customer
from kartoteka.people.shown import date_shown, phone_shown
from kartoteka.trust.actor import RIGHT_NAMES, SHELL, Actor, Right
from kartoteka.web.places import FEW, FOLDED, PART_NAMES, PLACES, Place, at_hand
from kartoteka.web.showing import address_lines, show_cell, show_entry, show_language

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of icons.txt; words stand beside it or in the button's label."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        _icons(),
        name,
    )


@cache
def _icons() -> str:
    """Where the icons are: asked for a hundred times a page."""
    return static("vendor/icons.svg")


@register.inclusion_tag("web/parts/kind.html")
def kind_chip(kind: str) -> dict[str, Any]:
    """The chip of one of the four kinds of information."""
    return {"kind": kind, "name": KIND_NAMES[Kind(kind)]}


@register.simple_tag
def kind_mark(kind: str) -> SafeString:
    """The small sign of a kind beside a value: its hue and its shape, its name for who cannot see them."""
    known = Kind(kind)
    return format_html(
        '<span class="mark mark-{}" title="{}"><span class="visually-hidden">{}</span></span>',
        known,
        KIND_NAMES[known],
        KIND_NAMES[known],
    )


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """The present address's query with these parts changed; an empty value takes a part out."""
    request = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def places(context: template.Context) -> list[dict[str, Any]]:
    """The places of the rail that exist and that this actor may go to."""
    request = context.get("request")
    actor: Actor | None = getattr(request, "actor", None)
    if request is None or actor is None:
        return []
    match = getattr(request, "resolver_match", None)
    here = match.url_name if match else ""
    found = [
        _shown(place, here, address)
        for place in PLACES
        if place.is_for(actor) and (address := _address(place.url))
    ]
    thumb = {name: rank for rank, name in enumerate(at_hand(actor))}
    first = sorted((each["place"].url for each in found if each["place"].url in thumb), key=thumb.__getitem__)
    return [{**each, "at_hand": each["place"].url in first[:4]} for each in found]


@register.filter
def in_parts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The places by what they are for. What is seldom gone to is folded, unless one is there or there are few."""
    parts = []
    for part, label in PART_NAMES.items():
        if within := [each for each in found if each["place"].part == part]:
            folded = part in FOLDED and len(found) > FEW
            opened = any(each["here"] for each in within)
            parts.append({"label": label, "places": within, "folded": folded, "open": opened})
    return parts


@cache
def _address(name: str) -> str:
    """As `place_address`: the places of the rail, on every page, are always where they are."""
    return place_address(name)


def _shown(place: Place, here: str, address: str) -> dict[str, Any]:
    return {"place": place, "address": address, "here": here == place.url or here in place.also}


@register.filter
def shown_in(value: Any, field: Field) -> str:
    """A value of this field as text."""
    return show_entry(field, value)


@register.filter
def lines_of(address: dict[str, Any]) -> list[str]:
    """An address as lines."""
    return address_lines(address)


@register.filter
def day_of_iso(text: str) -> str:
    """An ISO day as people read it."""
    return date_shown(str(text))


@register.filter
def phone_in_words(number: str) -> str:
    """A phone number as people write it; what is veiled stays as it is."""
    return phone_shown(number) if number.startswith("+") and "•" not in number else number


@register.filter
def language_in_words(code: str) -> str:
    """A language by its name in the reader's language."""
    return show_language(code)


@register.filter
def who(name: str) -> str:
    """Who did something, as it is kept with what was done: people by their names, others in words."""
    return {SHELL.name: _("the command line"), "the customer": _("the customer")}.get(name, str(name))


@register.filter
def right_in_words(right: str) -> str:
    """What a right lets somebody do."""
    return str(RIGHT_NAMES.get(Right(right), right)) if right in set(Right) else right


@register.filter
def clock(seconds: int) -> str:
    """Seconds as a clock shows them: 12:05, 1:00:00, −0:30."""
    minutes, rest = divmod(abs(int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    told = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"−{told}" if seconds < 0 else told


@register.filter
def letters(name: str) -> str:
    """One or two letters that stand for a name where there is no photo."""
    words = [word for word in str(name).replace("-", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def entry(mapping: dict[str, Any], key: str) -> Any:
    """The entry of a mapping whose key is only known as the template runs."""
    return mapping.get(key)


@register.inclusion_tag("web/customers/cell.html")
def cell(customer: Customer, column: str) -> dict[str, Any]:
    """One cell of the list of customers."""
    value = getattr(customer, column) if column in COLUMNS and column != "tags" else customer.more.get(column)
    return {"column": column, "value": value, "shown": show_cell(column, value)}


@register.inclusion_tag("web/parts/bound_field.html")
def entry_field(bound: BoundField) -> dict[str, Any]:
    """A field of a Django form, in the look of all fields: label, hint, error, and the ties between them."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    attrs: dict[str, Any] = {"class": "form-check-input" if kind in ("checkbox", "radio") else "form-control"}
    if kind == "select":
        attrs["class"] = "form-select"
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    if bound.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}-error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs={**widget.attrs, **attrs}),
        "tick": kind == "checkbox",
    }


@register.filter
def said_words(origin: Origin, known: dict[str, Field]) -> list[tuple[Any, str]]:
    """What a claim said, field by field, as a label and text. known: the fields of the card."""
    words = []
    for key, field in known.items():
        value = origin.value.get(key)
        if value in (None, "", []):
            continue
        entries = value if isinstance(value, list) else [value]
        words.append((field.label, ", ".join(_said_entry(field, each) for each in entries)))
    return words


def _said_entry(field: Field, entry: Any) -> str:
    gone = isinstance(entry, dict) and entry.get("gone")
    plain = entry.get("value") if gone and field.type in (Type.WORDS, Type.CHOICES) else entry
    text = show_entry(field, plain)
    return _("%(value)s taken off") % {"value": text} if gone else text


@register.simple_tag
def place_address(name: str, *args: object) -> str:
    """The address of a page by its url name; "" where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
