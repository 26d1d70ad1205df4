"""Which row of which file became whom."""

from collections.abc import Iterator

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .exporting.writing import harmless
from .models import Claim

Exported = tuple[str, int, str, int | None, str, str]


def export_identities(*, by: Actor) -> Iterator[Exported]:
    """Every claim that came from a row of a file: source, batch, file, row as a spreadsheet counts, key, card number.

    What a spreadsheet would take for a formula has an apostrophe in front. Raises NotAllowed without the right to take data
    out.
    """
    by.must(Right.EXPORT)
    note(by=by, action="exported", matter="base", detail={"what": "identities"})
    rows = Claim.objects.filter(row__isnull=False).order_by("id")
    columns = (
        "batch__source__name", "batch_id", "batch__label", "row", "identity__key", "identity__customer__card",
    )  # fmt: skip
    for source, batch, file, row, key, card in rows.values_list(*columns).iterator(chunk_size=5000):
        yield harmless(source), batch, harmless(file), row, harmless(key), card
