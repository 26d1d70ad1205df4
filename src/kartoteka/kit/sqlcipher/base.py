"""The connection: opens the file with its raw key and sets what makes it fast and safe.

It leans on the inside of Django's SQLite backend (`_functions`, the cursor's placeholders), as every backend
built on another one does; tests/kit/sqlcipher tells when a new Django moves them.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError
from django.db.backends.sqlite3 import base as sqlite
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database

from .creation import DatabaseCreation
from .features import DatabaseFeatures

PLAIN_HEADER = b"SQLite format 3\x00"
# So many seconds a write waits for another writer.
PATIENCE = 30.0
# Pages of 8 KB, each with an HMAC by SHA-256: processors have instructions for it, and for the SHA-512 of SQLCipher's own
# choice they have none. A base is read through in half the time so (docs/adr/0003).
CIPHER = ("PRAGMA cipher_page_size = 8192", "PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")

Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", sqlite.decoder(parse_date))
Database.register_converter("time", sqlite.decoder(parse_time))
Database.register_converter("datetime", sqlite.decoder(parse_datetime))
Database.register_converter("timestamp", sqlite.decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, sqlite.adapt_date)
Database.register_adapter(datetime.datetime, sqlite.adapt_datetime)


class WrongKey(OperationalError):
    """The file is there, but this key does not open it."""


class NotEncrypted(OperationalError):
    """The file is an ordinary SQLite file: anyone who copies it can read it."""


def key_pragma(key: str) -> str:
    """The statement that hands SQLCipher a raw 256-bit key, so that no password is stretched on each opening.

    `key` is 64 hexadecimal digits; raises ImproperlyConfigured for anything else, without repeating it.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", key):
        raise ImproperlyConfigured("The database key must be 64 hexadecimal digits (256 bits).")
    return f"PRAGMA key = \"x'{key}'\""


Keys = str | Sequence[str]


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """Django's SQLite backend over sqlcipher3.

    OPTIONS: `key` (64 hexadecimal digits, several of which the first that fits is taken, or a callable giving them:
    asked only when a connection opens; see trust/rotation.py for why there may be several),
    `cache_mb` (page cache of one connection), `synchronous` (FULL unless told otherwise: an acknowledged
    change also survives a power cut), and those of Django's SQLite backend.
    """

    Database = Database
    display_name = "SQLite (encrypted)"
    features_class = DatabaseFeatures
    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        # A transaction that starts by reading and then writes would fail at once when somebody else wrote in
        # between; taking the writer's place at the start lets it wait its turn instead.
        self.settings_dict["OPTIONS"].setdefault("transaction_mode", "IMMEDIATE")
        params: dict[str, Any] = super().get_connection_params()
        self._key: Keys | Callable[[], Keys] = params.pop("key", "")
        self._cache_mb = int(params.pop("cache_mb", 64))
        self._synchronous = str(params.pop("synchronous", "FULL")).upper()
        if self._synchronous not in SYNCHRONOUS:
            raise ImproperlyConfigured(f"'synchronous' must be one of {', '.join(SYNCHRONOUS)}.")
        params.setdefault("timeout", PATIENCE)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(conn_params["database"])
        given = self._key() if callable(self._key) else self._key
        if not self.is_in_memory_db():
            Path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                Path(name).touch(mode=0o600, exist_ok=False)  # the journal beside it is made alike
        connection = open_by(given, **conn_params)
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        register_functions(connection)
        return connection

    def _set_up(self, connection: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute(f"PRAGMA cache_size = -{self._cache_mb * 1024}")
        connection.execute("PRAGMA temp_store = MEMORY")  # a temporary file would hold rows unencrypted
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only let go of
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for command in filter(None, map(str.strip, self.init_commands)):  # type: ignore[attr-defined]
            connection.execute(command)

    def is_usable(self) -> bool:
        """Whether the open connection still reads the base: it does not when another process changed the key."""
        try:
            self.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except Database.Error:
            return False
        return True

    def _start_transaction_under_autocommit(self) -> None:
        """Begin; once more on a new connection where the key was changed while we waited for our turn."""
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except (Database.DatabaseError, DatabaseError) as error:
            if "not a database" not in str(error):
                raise
            self.close()
            self.connect()
            super()._start_transaction_under_autocommit()  # type: ignore[misc]

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 - Django's signature
        # Who works for long, such as an import, has no beginning of a request at which to notice a changed key.
        # Looking takes 4 microseconds; within a transaction nobody can have changed it.
        if not self.in_atomic_block and not self.is_usable():
            self.close()
            self.connect()
        return self.connection.cursor(factory=Cursor)


def open_by(keys: Keys, *, database: str | Path, **params: Any) -> Any:
    """`open_file` with the first of several keys that fits; a file that is not there is made with the first."""
    some = [keys] if isinstance(keys, str) else list(keys)
    for key in some[:-1]:
        with suppress(WrongKey):
            return open_file(database=database, key=key, **params)
    return open_file(database=database, key=some[-1], **params)


def open_file(*, database: str | Path, key: str, **params: Any) -> Any:
    """A bare DB-API connection to the file at `database`, made if it is not there.

    Raises WrongKey, NotEncrypted, or what sqlcipher3 raises for a file that cannot be opened.
    """
    pragma = key_pragma(key)
    connection = Database.connect(str(database), **params)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the standard error; we raise
        connection.execute(pragma)
        for setting in CIPHER:
            connection.execute(setting)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Database.DatabaseError as error:
        connection.close()
        if "not a database" not in str(error):
            raise
        if is_plain(Path(database)):
            raise NotEncrypted(
                f"The base {database} is not encrypted; it was not made by Kartoteka."
            ) from error
        raise WrongKey(
            f"The key does not open the base {database}. Put back the key this base was made with "
            "(the file named 'key' beside it, or the KARTOTEKA_KEY it was started with)."
        ) from error
    return connection


def is_plain(path: Path) -> bool:
    """Whether the file at `path` is an unencrypted SQLite base; False if there is none."""
    try:
        with path.open("rb") as file:
            return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
    except FileNotFoundError:
        return False


_PLACEHOLDER = re.compile(r"(?<!%)%s")


class Cursor(Database.Cursor):  # type: ignore[misc]
    """Takes Django's placeholders (%s, %(name)s) where SQLite knows only ? and :name."""

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        if params is None:
            return super().execute(query)
        return super().execute(_translated(query, params), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        rows: Iterator[Any] = iter(param_list)
        first = next(rows, None)
        if first is None:
            return self
        return super().executemany(_translated(query, first), chain([first], rows))


def _translated(query: str, params: Sequence[Any] | Mapping[str, Any]) -> str:
    if isinstance(params, Mapping):
        return query % {name: f":{name}" for name in params}
    return _PLACEHOLDER.sub("?", query).replace("%%", "%")
