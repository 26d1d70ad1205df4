"""How the rows of a file come in: what every kind of file (customers, orders) must be able to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model

from kartoteka.people.models import Batch
from kartoteka.trust.actor import Actor

from .files.book import Cell
from .models import Import


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was wrong in a row. cells: the row as it was, where it was refused. private: something in it is sensitive."""

    row: int
    refused: bool
    problems: list[dict[str, str]]
    cells: list[Cell]
    private: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a chunk of rows; the numbers are those of an Import."""

    sheet: str
    rows: int
    last_row: int
    wrong: Sequence[Wrong] = ()
    new: int = 0
    joined: int = 0
    known: int = 0
    agreed: int = 0
    declined: int = 0
    stopped: int = 0


class Way(Protocol):
    """How one kind of file comes in."""

    @property
    def fills(self) -> Sequence[type[Model]]:
        """The tables that fill."""

    def chunks(self, file_import: Import) -> Iterator[Any]:
        """The file's rows, understood, from behind the place where the import stands: in chunks, each of which is written
        in one transaction."""

    def look(self, file_import: Import, chunk: Any, seen: set[str]) -> Told:
        """What a chunk would become; nothing is written. seen: keys that rows above brought, added to."""

    def write(self, file_import: Import, batch: Batch, chunk: Any, by: Actor) -> Told:
        """Write a chunk, inside a transaction."""
