"""Canaries: invented customers, each in one exported file and nowhere else. Whoever asks for one has that file."""

from kartoteka.kit.ids import read_card
from kartoteka.standard.letters import fold
from kartoteka.trust.actor import Actor
from kartoteka.trust.alarms import raise_alarm

from .follow import Leaving
from .models import Canary, Customer


def answer_for_canary(text: str, *, by: Actor) -> None:
    """Raise an alarm if what was asked for, and found nowhere, is a canary's card, e-mail or phone."""
    asked = text.strip().lower()
    digits = "".join(filter(str.isdecimal, asked))
    found = Canary.objects.filter(card=card).first() if (card := read_card(text)) else None
    if found is None and "@" in asked:
        found = Canary.objects.filter(email=asked).first()
    if found is None and len(digits) >= 7:
        found = Canary.objects.filter(phone__endswith=digits[-9:]).first()
    if found is not None:
        raise_alarm(
            kind="canary",
            by=by,
            detail={"export": found.export_id},
            mark=f"canary {by.kind} {by.key} {found.pk}",
        )


def forget_in_canaries(who: Leaving) -> None:
    """Canaries are made of parts of real names. Those with a family name that nobody else has lose it, and the e-mail made
    of it; by their card and phone their file is known on."""
    families = who.texts("family")
    others = Customer.objects.exclude(pk__in=who.customers).filter(family__in=families)
    only = {_letters(each) for each in families - set(others.values_list("family", flat=True))} - {""}
    if not only:
        return
    rows = Canary.objects.values_list("pk", "name", "email").iterator()
    named = [key for key, *told in rows if any(each in _letters(" ".join(told)) for each in only)]
    Canary.objects.filter(pk__in=named).update(name="", email="", values={})


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))
