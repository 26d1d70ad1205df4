"""The timeline's first stream: what was said of a customer, by files, programs and people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.trust.actor import Right

from .catalogue import Field, Kind
from .checking import fields
from .models import Claim
from .sealing import open_values
from .shown import shown
from .timeline import Asked, Entry, EntryKind, Mark, newest
from .veil import veil_values

NOTE, TOLD, CONFIRMED, MATTERS, GUESSED = "note", "told", "confirmed", "matters", "guessed"


class ToldStream:
    """Every claim on the customer's identities: what it said of fields this actor may see."""

    name = "told"
    label = gettext_lazy("What we were told")
    kinds = (
        EntryKind(NOTE, gettext_lazy("Notes"), "note"),
        EntryKind(TOLD, gettext_lazy("Told"), "forms", Kind.SEMANTIC),
        EntryKind(CONFIRMED, gettext_lazy("Confirmed"), "check", Kind.SEMANTIC),
        EntryKind(MATTERS, gettext_lazy("What matters to them"), "heart", Kind.VALUE),
        EntryKind(GUESSED, gettext_lazy("Guessed"), "sparkles", Kind.HYPOTHETICAL),
    )

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See timeline.Stream."""
        seeing = asked.actor.may(Right.SEE_SENSITIVE)
        catalogue = {key: each for key, each in fields().items() if seeing or not each.sensitive}
        labels = {key: str(each.label) for key, each in catalogue.items()}
        places = {key: place for place, key in enumerate(catalogue)}
        found: list[Entry] = []
        for claim in self._claims(asked):
            values = claim.values
            given = sorted(values.keys() & catalogue.keys(), key=places.__getitem__)
            said = {key: values[key] for key in given if values[key] not in (None, "", [])}
            if asked.actor.veiled:  # streets and handles, which no text is known by to be one
                said = veil_values(said)
            if said and (kind := _kind(claim, said, catalogue)) and (not asked.kinds or kind in asked.kinds):
                found.append(_entry(claim, kind, said, catalogue, labels))
                if len(found) == asked.limit:
                    break
        return found

    def _claims(self, asked: Asked) -> Iterator[Claim]:
        # Many claims are of one batch: each is read once, not with every row.
        rows = Claim.objects.only("at", "standing", "values", "batch").prefetch_related("batch__source")
        while True:
            some = newest(rows, asked, stream=self.name)
            open_values(each.values for each in some)
            yield from some
            if len(some) < asked.limit:
                return
            asked = replace(asked, before=Mark(some[-1].at, self.name, str(some[-1].pk)))


def _kind(claim: Claim, said: Mapping[str, Any], catalogue: Mapping[str, Field]) -> str:
    if "note" in said:
        return NOTE
    if claim.standing == Claim.Standing.DERIVED:
        return GUESSED
    if all(catalogue[key].kind == Kind.VALUE for key in said):
        return MATTERS
    return CONFIRMED if claim.standing == Claim.Standing.CONFIRMED else TOLD


def _entry(
    claim: Claim,
    kind: str,
    said: Mapping[str, Any],
    catalogue: Mapping[str, Field],
    labels: Mapping[str, str],
) -> Entry:
    source = claim.batch.source.name
    told = ", ".join(labels[key] for key in said)
    return Entry(
        at=claim.at,
        stream=ToldStream.name,
        key=str(claim.pk),
        kind=kind,
        title=_("Note") if list(said) == ["note"] else f"{source}: {told}",
        detail="; ".join(_text(catalogue[key], value) for key, value in said.items()),
        who=claim.batch.by_name,
    )


def _text(field: Field, value: Any) -> str:
    entries = value if isinstance(value, list) else [value]
    return ", ".join(_one(field, each) for each in entries)


def _one(field: Field, entry: Any) -> str:
    if not (isinstance(entry, Mapping) and entry.get("gone")):
        return shown(field.type, entry)
    plain = entry.get("value") if set(entry) <= {"value", "gone"} and field.type not in _ENTRIES else entry
    return _("%(value)s taken off") % {"value": shown(field.type, plain)}


_ENTRIES = frozenset({"phones", "emails", "addresses", "handles", "registrations", "relatives", "gifts"})
