"""The sample business, loaded through the same door as anybody's files."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kartoteka.intake.models import Import
from kartoteka.intake.whole import import_stream
from kartoteka.people.models import Ground
from kartoteka.quality.matching import match_now
from kartoteka.trust.actor import Actor

from .files import write

SEED = 20_261_121
_GROUNDS = {"newsletter": Ground.CONSENT}


@dataclass(frozen=True)
class Loaded:
    """What the sample came to."""

    files: int
    rows: int
    customers: int


def load_sample(*, customers: int, by: Actor, progress: Callable[[float, str], None]) -> Loaded:
    """Write the files of an invented business of so many customers, import them and match. progress: share, step."""
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), customers=customers, seed=SEED).files
        rows = 0
        for number, file in enumerate(files):

            def told(under_way: Import, number: int = number, name: str = file.name) -> None:
                part = under_way.rows_done / max(1, under_way.rows)
                progress(0.8 * (number + part) / len(files), name)

            with (Path(folder) / file.name).open("rb") as stream:
                done = import_stream(
                    stream=stream,
                    name=file.name,
                    source=file.source,
                    ground=_GROUNDS.get(file.source.lower(), Ground.CONTRACT),
                    country=file.country,
                    by=by,
                    progress=told,
                )
            rows += done.rows_done
    progress(0.85, "matching")
    run = match_now(by=by)
    return Loaded(files=len(files), rows=rows, customers=run.customers - run.joined)
