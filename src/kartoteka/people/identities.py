"""Which row of which file became whom."""

from collections.abc import Iterator

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import Claim

Exported = tuple[str, int, str, int | None, str, str]


def export_identities(*, by: Actor) -> Iterator[Exported]:
    """Every claim that came from a row of a file: source, batch, file, row as a spreadsheet counts, key, card number.

    Raises NotAllowed without the right to take data out.
    """
    by.must(Right.EXPORT)
    note(by=by, action="exported", matter="base", detail={"what": "identities"})
    rows = Claim.objects.filter(row__isnull=False).order_by("id")
    yield from rows.values_list(
        "batch__source__name", "batch_id", "batch__label", "row", "identity__key", "identity__customer__card"
    ).iterator(chunk_size=5000)
