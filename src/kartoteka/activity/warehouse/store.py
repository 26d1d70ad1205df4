"""Where days lie: the plug for stores of events. Another one is a class like this and a line below."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from django.conf import settings

from .tables import Table


class Gone(LookupError):
    """What was kept under this name is not there any more, or cannot be opened: the day must be written anew."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"The day kept as {name} is not there, or cannot be opened.")


class EventStore(Protocol):
    """Keeps days, each under a name of its own. A day is never changed: it is kept anew, and the former one thrown away."""

    def keep(self, day: dt.date, tables: Mapping[Table, pa.Table]) -> str:
        """Keep the tables of a day, all or none of them; the name they are kept under."""
        ...

    def read(
        self,
        table: Table,
        names: Sequence[str],
        *,
        columns: Sequence[str],
        only: tuple[str, Collection[str]] | None = None,
    ) -> pa.Table:
        """These columns of a table of the days kept under these names. only: a column and its values; rows with others
        may be left out. Raises Gone."""
        ...

    def kept(self) -> set[str]:
        """The names of all days that are kept whole."""
        ...

    def is_current(self, name: str) -> bool:
        """Whether this day lies as one that is kept now would: by the present key, in the present form."""
        ...

    def throw_away(self, names: Iterable[str]) -> None:
        """Let go of these days; one that is not there is as good as gone."""
        ...

    def tidy(self) -> None:
        """Take away what a keeping that was cut off left behind."""
        ...


def store() -> EventStore:
    """The one in use."""
    return _parquet(Path(settings.EVENTS_ROOT))


@cache
def _parquet(folder: Path) -> EventStore:
    from .parquet import ParquetStore

    return ParquetStore(folder)
