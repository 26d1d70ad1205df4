"""The policy's own sentences, written from the facts, section by section, in the language that is active."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kartoteka.people.catalogue import KIND_NAMES, Kind, Text
from kartoteka.people.checking import fields
from kartoteka.people.models import Ground
from kartoteka.standard.countries import name_in

from .countries import LAWS, Period, Unit
from .held import called_to_them, rows_told
from .models import Channel
from .policy_facts import Facts
from .retention import ground_in_words, what_in_words

# As the policy speaks to whom it is about; the rest is called as everywhere.
_KINDS: Mapping[Kind, Text] = {
    **KIND_NAMES,
    Kind.SEMANTIC: gettext_lazy("Who you are"),
    Kind.VALUE: gettext_lazy("What matters to you"),
}
_GROUNDS: Mapping[str, Text] = {**dict(Ground.choices), Ground.CONSENT.value: gettext_lazy("your consent")}

Section = dict[str, Any]  # {"key", "title", "lines", "own"}
Words = Mapping[tuple[str, str], str]  # (section, language) -> the owner's own words


def compose(facts: Facts, *, language: str, words: Words) -> list[Section]:
    """The policy in one language: what is written by itself, and beside it the owner's own words."""
    with translation.override(language):
        return [
            {
                "key": key,
                "title": str(title),
                "lines": [line for line in write(facts, language) if line],
                "own": words.get((key, language), ""),
            }
            for key, (title, write) in SECTIONS.items()
        ]


def _who(facts: Facts, _language: str) -> Iterable[str]:
    contact = facts["contact"]
    if contact["business"]:
        yield (_("%(business)s answers for your data.") % contact).replace("..", ".")
    if contact["address"]:
        yield _("You reach us at: %(address)s") % contact
    if contact["officer"]:
        yield _("For all questions about your data: %(officer)s") % contact


def _what(facts: Facts, _language: str) -> Iterable[str]:
    known = fields()
    for kind in Kind:
        plain = [each for each in facts["fields"] if each["kind"] == kind and not each["sensitive"]]
        yield _listed(_KINDS[kind], (_label(each, known) for each in plain))
    sensitive = [_label(each, known) for each in facts["fields"] if each["sensitive"]]
    yield _listed(_("Sensitive, seen only by those who need it"), sensitive)
    models = rows_told()
    beside = (str(called_to_them(models[each])) for each in facts["rows"] if each in models)
    yield _listed(_("Beside that we keep"), beside)
    if not facts["fields"]:
        yield _("We know nothing of you yet.")


def _label(each: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    return str(known[each["key"]].label if each["key"] in known else each["label"] or each["key"])


def _listed(title: Text, items: Iterable[str]) -> str:
    told = ", ".join(dict.fromkeys(items))
    return f"{title}: {told}" if told else ""


def _sources(facts: Facts, _language: str) -> Iterable[str]:
    for each in facts["sources"]:
        name = (
            _("From you yourself, at the counter, by phone or in writing") if each["staff"] else each["name"]
        )
        yield _listed(name, (str(_GROUNDS.get(one, one)) for one in each["grounds"]))


def _why(facts: Facts, language: str) -> Iterable[str]:
    for each in facts["purposes"]:
        told = _listed(_name(each, language), [str(_GROUNDS.get(each["ground"], each["ground"]))])
        if each["channels"]:
            told += f" ({', '.join(str(Channel(one).label) for one in each['channels'])})"
        if each["ground"] == Ground.CONSENT:
            told += ". " + _("You can withdraw it at any time.")
        if each["months"]:
            told += " " + ngettext(
                "We ask anew after %(months)s month.", "We ask anew after %(months)s months.", each["months"]
            ) % {"months": each["months"]}
        yield told
    yield _("No decision about you is made by a machine alone.")
    yield _("You need not give us anything; without what an order needs we cannot carry it out.")


def _name(purpose: Mapping[str, Any], language: str) -> str:
    names = purpose["names"]
    return str(names.get(language) or names.get("en") or next(iter(names.values()), purpose["key"]))


def _whom(facts: Facts, language: str) -> Iterable[str]:
    partners = [each for each in facts["purposes"] if each["partner"]]
    for each in partners:
        told = {"partner": each["partner"], "purpose": _name(each, language)}
        yield _("%(partner)s, for “%(purpose)s”, and only if you agreed to it.") % told
    if not partners:
        yield _("To no other business.")


def _how_long(facts: Facts, _language: str) -> Iterable[str]:
    for each in facts["rules"]:
        parts = [
            str(_GROUNDS.get(each["ground"]) or ground_in_words(each["ground"])),
            each["source"],
            _country(each["country"]),
        ]
        what = what_in_words(each["what"])
        about = ", ".join(part for part in parts if part)
        told = f"{what} ({about})" if about else what
        if each["months"]:
            time = ngettext(
                "%(months)s month after we last heard of it",
                "%(months)s months after we last heard of it",
                each["months"],
            ) % {"months": each["months"]}
        else:
            time = _("removed at once")
        yield f"{told}: {time}"
    yield _(
        "What a law has us keep longer, such as invoices, stays in bare form and is used for nothing else."
    )
    if not facts["rules"]:
        yield _("Everything else no longer than it serves what it was given for.")


def _country(code: str) -> str:
    return name_in(code, translation.get_language() or "en") if code else ""


def _rights(facts: Facts, _language: str) -> Iterable[str]:
    yield _(
        "You may see all we hold of you, correct it, take it along, have its use stopped or restricted, and be forgotten. "
        "On your own page you do it yourself; ask us for the link."
    )
    for code in facts["countries"]:
        law = LAWS[code]
        told = {
            "law": capfirst(str(law.name)),
            "time": _period(law.answer),
            "authority": law.authority,
            "age": law.child,
        }
        yield _("%(law)s: we answer within %(time)s. You may complain to: %(authority)s.") % told
        yield _("%(law)s: below the age of %(age)s only a parent can agree for you.") % told


def _period(period: Period) -> str:
    count = {"count": period.count}
    if period.unit is Unit.MONTHS:
        return ngettext("%(count)s month", "%(count)s months", period.count) % count
    if period.unit is Unit.WORKING_DAYS:
        return ngettext("%(count)s working day", "%(count)s working days", period.count) % count
    return ngettext("%(count)s day", "%(count)s days", period.count) % count


def _nothing(_facts: Facts, _language: str) -> Iterable[str]:
    return ()


Write = Callable[[Facts, str], Iterable[str]]
SECTIONS: Mapping[str, tuple[Text, Write]] = {
    "who": (gettext_lazy("Who we are"), _who),
    "what": (gettext_lazy("What we know of you"), _what),
    "sources": (gettext_lazy("Where we have it from, and on what ground"), _sources),
    "why": (gettext_lazy("What we use it for, and on what ground"), _why),
    "whom": (gettext_lazy("Whom we pass it on to"), _whom),
    "how_long": (gettext_lazy("How long we keep it"), _how_long),
    "rights": (gettext_lazy("Your rights"), _rights),
    "more": (gettext_lazy("What else you should know"), _nothing),
}
