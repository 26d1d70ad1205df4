"""The words of the audit: what was done, with what, by whom, and the details, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.activity.models import Dealing
from kartoteka.consent.models import PrivacyRequest
from kartoteka.consent.retention import GROUNDLESS
from kartoteka.people.catalogue import KIND_NAMES, Field, Kind
from kartoteka.people.models import Ground, Relation
from kartoteka.trust.actor import RIGHT_NAMES, STAGE_NAMES
from kartoteka.trust.alarms import KINDS as ALARMS
from kartoteka.trust.presets import FLOOR, SMALL

from .showing import show_language

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
    "asked shop": _("asked a shop for what it missed"),
    "changed connection": _("changed a connection"),
    "removed group": _("removed a group"),
    "replayed delivery": _("did a delivery again"),
    "rotated secret": _("gave a connection another secret"),
    "took order from message": _("took an order from a message"),
    "took snapshot": _("took a snapshot of a group"),
    "merged": _("joined"),
    "merged by rule": _("joined by rule"),
    "matched": _("looked for doubles"),
    "set own currency": _("set the business's own currency"),
    "set kind of product": _("said whether a product is sold or a charge"),
    "set rates of worth": _("set the costs and levels of worth"),
    "planned a report by mail": _("planned a report by mail"),
    "ended a report by mail": _("ended a report by mail"),
    "asked to count worth": _("had worth counted anew"),
    "split": _("separated"),
    "put back": _("put back in doubt"),
    "dropped a file": _("dropped a file"),
    "took a file back": _("put a file aside"),
    "imported": _("imported"),
    "undid import": _("undid an import"),
    "cleared import": _("removed what was kept of an undone import"),
    "exported": _("exported"),
    "invited": _("invited"),
    "made sign-in link": _("made a sign-in link"),
    "signed in by link": _("came in by a link"),
    "changed role": _("changed a role"),
    "renamed": _("changed a name"),
    "changed e-mail": _("changed an e-mail address"),
    "ended work": _("ended somebody's work"),
    "came back": _("took somebody back"),
    "made token": _("made a token"),
    "ended token": _("ended a token"),
    "added field": _("added a field"),
    "changed field": _("changed a field"),
    "removed field": _("removed a field"),
    "changed weight": _("changed a weight"),
    "forgot": _("forgot"),
    "lifted erasure": _("let somebody in again"),
    "swept": _("swept the disk"),
    "request received": _("took a request down"),
    "request answered": _("answered a request"),
    "request refused": _("refused a request"),
    "ended restriction": _("ended a restriction"),
    "made page link": _("made a link to a customer's page"),
    "ended page links": _("ended links to a customer's page"),
    "consent given": _("took consent down"),
    "consent withdrawn": _("took a withdrawal down"),
    "consent asked": _("asked for consent"),
    "suppressed": _("closed a contact point"),
    "lifted suppression": _("opened a contact point again"),
    "added purpose": _("added a purpose"),
    "changed purpose": _("changed a purpose"),
    "ended purpose": _("ended a purpose"),
    "added wording": _("added words to ask with"),
    "resumed purpose": _("took a purpose up again"),
    "looked up": _("looked a customer up"),
    "revealed": _("saw a contact point"),
    "called": _("called"),
    "wrote to": _("wrote to"),
    "handed over": _("handed over"),
    "took orders": _("took orders in"),
    "moved order": _("moved an order"),
    "noted payment": _("noted a payment"),
    "set rate": _("set a rate of exchange"),
    "changed first stage": _("changed where a source's customers start"),
    "added roles": _("added roles"),
    "changed role rights": _("changed what a role may do"),
    "removed role": _("took a role away"),
    "changed team": _("changed a team"),
    "removed team": _("dissolved a team"),
    "destroyed keys": _("destroyed the key of"),
    "forgot again": _("forgot again after a restore"),
    "changed limits": _("changed the limits"),
    "saw proof": _("opened the proof of a choice"),
    "raised an alarm": _("raised an alarm"),
    "looked into an alarm": _("looked into an alarm"),
    "asked for an export": _("asked for an export"),
    "approved an export": _("approved an export"),
    "refused an export": _("refused an export"),
    "fetched an export": _("fetched an export"),
    "traced a file": _("traced a file"),
    "gave notice": _("noted that somebody is leaving"),
    "changed backups": _("changed when backups are made"),
    "rotated the key": _("changed the key"),
    "locked the key": _("locked the key"),
    "unlocked the key": _("unlocked the key"),
    "made a backup": _("made a backup"),
    "connected": _("connected a site or a shop"),
    "disconnected": _("ended a connection"),
    "restored a backup": _("restored a backup"),
    "moved here": _("moved the base here"),
    "added retention rule": _("added a retention rule"),
    "switched retention rule on": _("switched a retention rule on"),
    "switched retention rule off": _("switched a retention rule off"),
    "ended retention rule": _("dropped a retention rule"),
    "ran retention rule": _("removed what had expired"),
    "put under legal hold": _("put under legal hold"),
    "ended legal hold": _("ended a legal hold"),
    "began an exchange": _("began an exchange with a partner"),
    "compared lists": _("compared lists with a partner"),
    "changed policy contact": _("changed who answers for the data"),
    "changed policy words": _("changed words of the privacy policy"),
    "published policy": _("published the privacy policy"),
    "noted a dealing": _("noted a talk"),
    "wrote a note": _("wrote a note"),
    "gave a dealing": _("gave a talk to somebody"),
    "gave dealings": _("handed talks over"),
    "settled a dealing": _("settled a question or complaint"),
    "reopened a dealing": _("opened a question or complaint again"),
    "said whose a mail is": _("said whose a mail is"),
    "added a recording": _("added a recording"),
    "listened": _("listened to a recording"),
    "opened a file": _("opened a file"),
    "scored a talk": _("scored a talk"),
    "changed the score list": _("changed what talks are scored by"),
    "planned": _("planned something"),
    "planned anew": _("planned something anew"),
    "did": _("did what was planned"),
    "dropped": _("took something off the list"),
    "gave tasks": _("handed tasks over"),
    "promised a callback": _("promised to call back"),
    "took a callback": _("took a callback"),
    "called back": _("called back"),
    "closed a callback": _("closed a callback"),
    "changed quiet times": _("changed the quiet times"),
    "added a register": _("added an opt-out register"),
    "read a register": _("read the file of an opt-out register"),
    "stopped a register": _("stopped the reading of an opt-out register"),
    "removed a register": _("removed an opt-out register"),
    "changed working hours": _("changed the working hours"),
    "made a calendar address": _("made a calendar address"),
    "ended a calendar address": _("closed a calendar address"),
    "took an answer": _("took an answer to an invitation"),
}
MATTERS: dict[str, Promise] = {
    "customer": _("customer"),
    "import": _("import"),
    "pair": _("pair in doubt"),
    "base": _("the whole base"),
    "register": _("opt-out register"),
    "field": _("field"),
    "request": _("request"),
    "erasure": _("erasure"),
    "purpose": _("purpose"),
    "contact point": _("contact point"),
    "role": _("role"),
    "team": _("team"),
    "alarm": _("alarm"),
    "export": _("export"),
    "source": _("source"),
    "order": _("order"),
    "retention": _("retention rule"),
    "exchange": _("exchange with a partner"),
    "policy": _("privacy policy"),
    "staff": _("member of staff"),
    "token": _("token"),
    "task": _("task"),
    "product": _("product"),
}
OTHERS: dict[str, Promise] = {
    "token": _("programs, by token"),
    "shell": _("the command line"),
    "system": _("Kartoteka itself"),
}
DETAILS: dict[str, Promise] = {
    "count": _("how many"),
    "dealing": _("dealing"),
    "limit": _("limit"),
    "months": _("months"),
    "country": _("country"),
    "source": _("source"),
    "partner": _("partner"),
    "people": _("to how many"),
    "section": _("section"),
    "request": _("request"),
    "cards": _("cards"),
    "identities": _("sources"),
    "delivery": _("delivery"),
    "feed": _("calendar"),
    "kept": _("kept"),
    "keys": _("keys"),
    "seconds": _("seconds"),
    "task": _("task"),
    "told": _("told"),
    "traits": _("traits"),
    "at": _("at"),
    "bytes": _("bytes"),
    "claims": _("rows taken out"),
    "currency": _("currency"),
    "customers": _("customers"),
    "day": _("day"),
    "daily": _("days"),
    "doubts": _("pairs in doubt"),
    "fields": _("fields"),
    "file": _("file"),
    "files": _("files"),
    "gone": _("joined away"),
    "orders": _("orders"),
    "state": _("state"),
    "joined": _("joined"),
    "kind": _("kind"),
    "monthly": _("months"),
    "new": _("new"),
    "on": _("every day"),
    "other": _("with"),
    "parted": _("separated from"),
    "refused": _("refused"),
    "rights": _("rights"),
    "register": _("opt-out register"),
    "role": _("role"),
    "rows": _("rows"),
    "weekly": _("weeks"),
    "what": _("what"),
    "choice": _("choice"),
    "channel": _("channel"),
    "erasure": _("erasure"),
    "erasures": _("erasures"),
    "export": _("export"),
    "exports": _("exports"),
    "field": _("field"),
    "ground": _("ground"),
    "how": _("how"),
    "language": _("language"),
    "links": _("links"),
    "most": _("at most"),
    "purpose": _("purpose"),
    "roles": _("roles"),
    "staff": _("staff"),
    "stage": _("stage"),
    "stages": _("stages"),
    "version": _("version"),
    "way": _("way"),
    "why": _("why"),
}
# Details that are the key of a customer.
CUSTOMERS = ("gone", "other", "parted")
_WHAT: dict[str, Promise] = {"identities": _("which row became whom"), "refused rows": _("refused rows")}


def customers_in(detail: Mapping[str, Any]) -> set[int]:
    """The keys of the customers that are named in an entry's details."""
    return {value for name in CUSTOMERS if isinstance(value := detail.get(name), int)}


def details(detail: Mapping[str, Any], *, fields: Mapping[str, Field], people: Mapping[int, Any]) -> str:
    """An entry's details in words. fields: the catalogue. people: customers by key, of whom some may be gone by now."""
    told = {name: _shown(name, value, fields, people) for name, value in detail.items()}
    return ", ".join(f"{DETAILS.get(name, name)}: {text}" for name, text in told.items() if text)


def _shown(name: str, value: Any, fields: Mapping[str, Field], people: Mapping[int, Any]) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(name, each, fields, people) for each in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    text = str(value)
    if name in CUSTOMERS:
        return str(people.get(value, text))
    if name == "fields" and text in fields:
        return str(fields[text].label)
    if name == "what" and text not in _WHAT:
        return _kept(text, fields)
    if name == "language":
        return show_language(text)
    known: Mapping[str, Any] = _LABELS.get(name, {})
    return str(known.get(text, text))


def _kept(what: str, fields: Mapping[str, Field]) -> str:
    """What a retention rule is about."""
    part, _colon, key = what.partition(":")
    if part == "field":
        return str(fields[key].label if key in fields else key)
    if part == "kind" and key in set(Kind):
        return str(KIND_NAMES[Kind(key)])
    return str({"customer": _("the whole card"), "sensitive": _("sensitive fields")}.get(what, what))


_LABELS: dict[str, Mapping[str, Any]] = {
    "kind": {**dict(PrivacyRequest.Kind.choices), **dict(Relation.RelationKind.choices), **ALARMS},
    "ground": {**dict(Ground.choices), "none": GROUNDLESS},
    "way": dict(Dealing.Way.choices),
    "stages": {stage.value: label for stage, label in STAGE_NAMES.items()},
    "stage": {stage.value: label for stage, label in STAGE_NAMES.items()},
    "role": {each.key: each.name for each in (*FLOOR, *SMALL)},
    "rights": {right.value: label for right, label in RIGHT_NAMES.items()},
    "what": _WHAT,
}
