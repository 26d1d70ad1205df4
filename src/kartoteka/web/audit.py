"""Audit: who saw and did what, and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.ids import read_card
from kartoteka.kit.paging import BadCursor
from kartoteka.people.card import find_customer
from kartoteka.people.queries import named
from kartoteka.trust.audit import AuditWish, list_entries
from kartoteka.trust.models import AuditEntry

from .access import SignedIn

ACTIONS: dict[str, Promise] = {
    "viewed": _("saw"),
    "added": _("added"),
    "changed": _("changed"),
    "confirmed": _("confirmed"),
    "tagged": _("tagged"),
    "added photo": _("added a photo"),
    "removed photo": _("removed a photo"),
    "related": _("noted a relation"),
    "unrelated": _("ended a relation"),
    "merged": _("joined"),
    "merged by rule": _("joined by rule"),
    "matched": _("looked for doubles"),
    "split": _("separated"),
    "put back": _("put back in doubt"),
    "dropped a file": _("dropped a file"),
    "took a file back": _("put a file aside"),
    "imported": _("imported"),
    "undid import": _("undid an import"),
    "exported": _("exported"),
    "invited": _("invited"),
    "made sign-in link": _("made a sign-in link"),
    "signed in by link": _("came in by a link"),
    "changed role": _("changed a role"),
    "ended work": _("ended somebody's work"),
    "came back": _("took somebody back"),
    "made token": _("made a token"),
    "ended token": _("ended a token"),
    "added field": _("added a field"),
    "changed field": _("changed a field"),
    "removed field": _("removed a field"),
    "changed weight": _("changed a weight"),
    "made a backup": _("made a backup"),
    "restored a backup": _("restored a backup"),
    "moved here": _("moved the base here"),
    "changed backups": _("changed when backups are made"),
    "rotated the key": _("changed the key"),
    "locked the key": _("locked the key"),
    "unlocked the key": _("unlocked the key"),
}
MATTERS: dict[str, Promise] = {
    "customer": _("customer"),
    "import": _("import"),
    "pair": _("pair in doubt"),
    "base": _("the whole base"),
    "field": _("field"),
    "staff": _("member of staff"),
    "token": _("token"),
}
OTHERS: dict[str, Promise] = {
    "token": _("programs, by token"),
    "shell": _("the command line"),
    "system": _("Kartoteka itself"),
}


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
    staff = {each.pk: str(each) for each in found.staff}
    context: dict[str, Any] = {
        "page": found.page,
        "rows": [_row(each, people, staff) for each in rows],
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
    return {int(key) for key in keys if key.isascii() and key.isdigit()}


def _row(entry: AuditEntry, people: dict[int, Any], staff: dict[int, str]) -> dict[str, Any]:
    key = int(entry.matter_key) if entry.matter_key.isdigit() else 0
    return {
        "entry": entry,
        "action": ACTIONS.get(entry.action, entry.action),
        "matter": MATTERS.get(entry.matter, entry.matter),
        "customer": people.get(key) if entry.matter == "customer" else None,
        "import": key if entry.matter == "import" else 0,
        "named": staff.get(key, "") if entry.matter == "staff" else "",
        "detail": ", ".join(f"{name}: {_shown(value)}" for name, value in entry.detail.items()),
    }


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
