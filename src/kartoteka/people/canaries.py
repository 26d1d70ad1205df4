"""Canaries: invented customers, each in one exported file and nowhere else. Whoever asks for one has that file."""

from kartoteka.kit.ids import read_card
from kartoteka.trust.actor import Actor
from kartoteka.trust.alarms import raise_alarm

from .models import Canary


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
