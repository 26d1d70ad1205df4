"""Audit: who saw and did what, and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kartoteka.kit.ids import read_card
from kartoteka.kit.paging import BadCursor
from kartoteka.people.card import find_customer
from kartoteka.people.catalogue import Field
from kartoteka.people.ownfields import catalogue
from kartoteka.people.queries import named
from kartoteka.trust.audit import AuditWish, list_entries
from kartoteka.trust.models import AuditEntry

from .access import SignedIn
from .audit_words import ACTIONS, MATTERS, OTHERS, customers_in, details


def audit(request: SignedIn) -> HttpResponse:
    """The entries, newest first; only their table when htmx asks for it."""
    asked = request.GET
    matter, key = asked.get("matter", ""), asked.get("key", "").strip()[:60]
    wish = AuditWish(
        who=asked.get("who", "")[:20],
        action=asked.get("action", "")[:40],
        matter="customer" if key and not matter else matter[:30],
        key=_key(request, matter, key),
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )
    try:
        found = list_entries(actor=request.actor, wish=wish)
    except BadCursor:
        found = list_entries(actor=request.actor, wish=AuditWish())
    rows = found.page.rows
    people = named(actor=request.actor, keys=_customers(rows))
    known = {each.key: each for each in catalogue(actor=request.actor)}
    staff = {each.pk: str(each) for each in found.staff}
    context: dict[str, Any] = {
        "page": found.page,
        "rows": [_row(each, people, staff, known) for each in rows],
        "staff": found.staff,
        "others": OTHERS,
        "actions": ACTIONS,
        "matters": MATTERS,
        "asked": {name: asked.get(name, "") for name in ("who", "action", "matter", "key")},
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/audit/table.html" if part else "web/audit/page.html", context)


def _key(request: SignedIn, matter: str, typed: str) -> str:
    """The key of what was typed: a card number is its customer's, anything else stands for itself."""
    if not typed or matter not in ("", "customer"):
        return typed
    customer = find_customer(actor=request.actor, card=read_card(typed))
    return str(customer.pk) if customer else typed


def _customers(rows: list[AuditEntry]) -> set[int]:
    keys = {each.matter_key for each in rows if each.matter == "customer"}
    found = {int(key) for key in keys if key.isascii() and key.isdigit()}
    return found.union(*(customers_in(each.detail) for each in rows))


def _row(
    entry: AuditEntry, people: dict[int, Any], staff: dict[int, str], known: dict[str, Field]
) -> dict[str, Any]:
    key = int(entry.matter_key) if entry.matter_key.isdigit() else 0
    return {
        "entry": entry,
        "action": ACTIONS.get(entry.action, entry.action),
        "matter": MATTERS.get(entry.matter, entry.matter),
        "customer": people.get(key) if entry.matter == "customer" else None,
        "import": key if entry.matter == "import" else 0,
        "named": staff.get(key, "") if entry.matter == "staff" else "",
        "detail": details(entry.detail, fields=known, people=people),
    }
