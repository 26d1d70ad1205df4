"""Days as Parquet files, encrypted as the format itself provides (Parquet Modular Encryption, AES-256-GCM).

A day is a folder with a file for each table, written aside and renamed, so that it is there whole or not at all. Its name
holds the day, the form, the name of the vault's root and random letters. Each file has a key of its own, derived from the
vault's for events and the file's name. What no root of the vault opens is Gone, and written anew.

DuckDB writes encrypted Parquet only with an extension that it would fetch from the net, so pyarrow writes and reads.
https://parquet.apache.org/docs/file-format/data-pages/encryption/
"""

import datetime as dt
import hmac
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from kartoteka.trust import vault

from .store import Gone
from .tables import SCHEMAS, Table

FORM = "1"
_DRAFT = ".draft-"
_ROWS = 1 << 16
_STEP_ROWS = 1 << 13  # so small that a report of a few steps passes over most of them
_THREADS = min(8, os.cpu_count() or 1)


class ParquetStore:
    """See EventStore. folder: ours alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, day: dt.date, tables: Mapping[Table, pa.Table]) -> str:
        """See EventStore.keep."""
        ours = vault.current()
        name = f"{day.isoformat()}.{FORM}.{ours.name}.{secrets.token_hex(8)}"
        draft = self._folder / f"{_DRAFT}{name}"
        draft.mkdir(mode=0o700, parents=True)
        for table, content in tables.items():
            pq.write_table(
                content.cast(SCHEMAS[table]),
                draft / table.value,
                compression="zstd",
                row_group_size=_STEP_ROWS if table is Table.STEPS else _ROWS,
                encryption_properties=pe.create_encryption_properties(
                    footer_key=_key(ours, name, table), aad_prefix=name.encode(), store_aad_prefix=False
                ),
            )
        draft.rename(self._folder / name)
        return name

    def read(
        self,
        table: Table,
        names: Sequence[str],
        *,
        columns: Sequence[str],
        only: tuple[str, Collection[str]] | None = None,
    ) -> pa.Table:
        """See EventStore.read."""
        roots = vault.current().named()

        def of(name: str) -> pa.Table:
            root = roots.get(_root(name))
            if root is None:
                raise Gone(name)
            try:
                return self._read(table, name, root, columns, only)
            except (OSError, pa.ArrowInvalid) as error:
                raise Gone(name) from error

        with ThreadPoolExecutor(_THREADS) as threads:
            found = list(threads.map(of, names))
        return pa.concat_tables(
            found or [pa.schema([SCHEMAS[table].field(each) for each in columns]).empty_table()]
        )

    def _read(
        self,
        table: Table,
        name: str,
        root: vault.Vault,
        columns: Sequence[str],
        only: tuple[str, Collection[str]] | None,
    ) -> pa.Table:
        opening = pe.create_decryption_properties(
            footer_key=_key(root, name, table), aad_prefix=name.encode()
        )
        texts = [each.name for each in SCHEMAS[table] if pa.types.is_dictionary(each.type)]
        with pq.ParquetFile(
            self._folder / name / table.value, decryption_properties=opening, read_dictionary=texts
        ) as file:
            if only is None:
                return file.read(columns=list(columns), use_threads=False)
            column, values = only
            groups = _groups_with(file.metadata, file.schema_arrow.get_field_index(column), values)
            found = file.read_row_groups(
                groups, columns=[*dict.fromkeys([*columns, column])], use_threads=False
            )
        # By the few values of each dictionary, not row by row.
        fits = pc.is_in(found[column], value_set=pa.array(sorted(values), pa.string()))
        return found.filter(fits).select(list(columns))

    def kept(self) -> set[str]:
        """See EventStore.kept."""
        if not self._folder.exists():
            return set()
        return {each.name for each in self._folder.iterdir() if not each.name.startswith(".")}

    def is_current(self, name: str) -> bool:
        """See EventStore.is_current."""
        return name.split(".")[1:2] == [FORM] and _root(name) == vault.current().name

    def throw_away(self, names: Iterable[str]) -> None:
        """See EventStore.throw_away."""
        for name in names:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def tidy(self) -> None:
        """See EventStore.tidy."""
        if self._folder.exists():
            self.throw_away([each.name for each in self._folder.iterdir() if each.name.startswith(_DRAFT)])


def _root(name: str) -> str:
    return (name.split(".") + [""] * 3)[2]


def _key(root: vault.Vault, name: str, table: Table) -> bytes:
    """HMAC-SHA-256 of the file's name, by the vault's key for events."""
    return hmac.new(root.key("events"), f"{name}/{table.value}".encode(), "sha256").digest()


def _groups_with(metadata: pq.FileMetaData, place: int, values: Collection[str]) -> list[int]:
    """The row groups that may hold one of these values, by the lowest and highest of each."""
    found = []
    for number in range(metadata.num_row_groups):
        told = metadata.row_group(number).column(place).statistics
        if told is None or not told.has_min_max or any(told.min <= each <= told.max for each in values):
            found.append(number)
    return found
