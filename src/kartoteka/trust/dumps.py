"""The base as one file and back again: how each of the two databases is copied while people work on.

A dump is consistent (the state of one moment), is never readable on the disk, and can be opened and counted, so
that a copy is known to be good before it is needed.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from kartoteka.kit.otherbase import connection_to
from kartoteka.kit.sqlcipher.base import open_by, open_file

from .pipes import unsealing
from .sealed import seal
from .vault import Vault

Counts = dict[str, int]
# The persons' own keys go into copies of their own, kept for a short time (key_copies.py).
LEFT_OUT = {"trust_personalkey"}


class DumpError(Exception):
    """The base could not be written out or read back; the message says why and what to do."""


class Engine(Protocol):
    """How one kind of database is copied. `vendor` is Django's name for it."""

    vendor: str

    def size(self) -> int:
        """Bytes the base takes, about."""

    def dump(self, target: Path, *, vault: Vault) -> Counts:
        """Write the base as of now to `target`, unreadable without the vault; rows per table."""

    def count(self, dump: Path, *, vault: Vault) -> Counts:
        """Open a dump, check it through and through, and count its rows per table. Raises DumpError."""

    def opened(self, dump: Path, *, vault: Vault) -> AbstractContextManager[Any]:
        """A connection to a scratch base with what is in the dump, gone at the end; None where none can be made."""

    def must_be_empty(self) -> None:
        """Raise DumpError where there is a base already."""

    def load(self, dump: Path, *, vault: Vault) -> None:
        """Make `dump` the base. The present base must be empty. Raises DumpError."""


def _opened(path: Path, vault: Vault, **params: Any) -> Any:
    """The SQLite base at `path`, which a killed rotation may have left under a former key."""
    return open_by([key.hex() for key in vault.keys("database")], database=path, **params)


class SQLite:
    """SQLite's own online copy, page by page: the file is encrypted as the base is, with the same key."""

    vendor = "sqlite"

    def size(self) -> int:
        path = self._path()
        return path.stat().st_size if path.exists() else 0

    def _path(self) -> Path:
        return Path(connection.settings_dict["NAME"])

    def dump(self, target: Path, *, vault: Vault) -> Counts:
        source = _opened(self._path(), vault, timeout=30)
        copy = open_file(database=target, key=vault.key("database").hex())
        try:
            target.chmod(0o600)
            source.backup(copy)  # in one step: one moment's state; in WAL mode writers go on meanwhile
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
            copy.execute("PRAGMA secure_delete = ON")  # zeroed, not only unlisted
            for table in LEFT_OUT & self._counts(copy).keys():
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - a table's name
            copy.commit()
            return self._counts(copy)
        finally:
            copy.close()
            source.close()

    def count(self, dump: Path, *, vault: Vault) -> Counts:
        copy = _opened(dump, vault)
        try:
            damage = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            damage += [row for row in copy.execute("PRAGMA quick_check").fetchall() if row != ("ok",)]
            if damage:
                raise DumpError(f"The base in this copy is damaged: {damage[0][0]}.")
            return self._counts(copy)
        finally:
            copy.close()

    def _counts(self, copy: Any) -> Counts:
        names = [
            row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        return {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a table's name
            for name in sorted(names)
            if not name.startswith("sqlite_")
        }

    @contextmanager
    def opened(self, dump: Path, *, vault: Vault) -> Iterator[Any]:
        options = {
            **settings.ENCRYPTED_SQLITE["OPTIONS"],
            "key": [each.hex() for each in vault.keys("database")],
        }
        scratch = connection_to({**settings.ENCRYPTED_SQLITE, "NAME": str(dump), "OPTIONS": options})
        try:
            yield scratch
        finally:
            scratch.close()

    def must_be_empty(self) -> None:
        path = self._path()
        connection.close()
        try:
            # A file without tables is left by whoever asked for a base before there was one.
            taken = path.exists() and path.stat().st_size > 0 and bool(connection.introspection.table_names())
        except DatabaseError:  # a base of another key
            taken = True
        connection.close()
        if taken:
            raise DumpError(
                f"There is a base already in {path.parent}. Set KARTOTEKA_HOME to an empty folder."
            )

    def load(self, dump: Path, *, vault: Vault) -> None:  # noqa: ARG002 - the dump is the base itself
        self.must_be_empty()
        path = self._path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for tail in ("", "-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        os.replace(dump, path)


_COPY = re.compile(rb'COPY (?:"?[\w$]+"?\.)?"?([\w$]+)"? ?\(.*\) FROM stdin;\n')


class PostgreSQL:
    """pg_dump in its custom format, sealed as it comes out of the pipe."""

    vendor = "postgresql"

    def size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def dump(self, target: Path, *, vault: Vault) -> Counts:
        with transaction.atomic(), connection.cursor() as cursor:
            # Everyone who joins this snapshot, pg_dump too, sees the base as of this moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            counts: Counts = {}
            for name in sorted(set(connection.introspection.table_names(cursor)) - LEFT_OUT):
                cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a table's name
                counts[name] = cursor.fetchone()[0]
            command = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            command += [f"--exclude-table-data=*.{name}" for name in sorted(LEFT_OUT)]
            with self._run("pg_dump", command, stdout=subprocess.PIPE) as process:
                assert process.stdout
                seal(process.stdout, target, key=vault.key("backup"))
        return counts

    def count(self, dump: Path, *, vault: Vault) -> Counts:
        counts: Counts = {}
        with self._opened(dump, ["--file=-"], vault=vault, stdout=subprocess.PIPE) as process:
            assert process.stdout
            table = ""
            for line in process.stdout:
                if table:
                    if line == b"\\.\n":
                        table = ""
                    else:
                        counts[table] += 1
                elif match := _COPY.match(line):
                    table = match.group(1).decode()
                    counts[table] = 0
        return counts

    @contextmanager
    def opened(self, dump: Path, *, vault: Vault) -> Iterator[Any]:
        name = f"{connection.settings_dict['NAME'][:40]}_check_{secrets.token_hex(4)}"
        admin = connection_to({**_entry_of(connection), "NAME": "postgres"})
        try:
            with admin.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except DatabaseError:
            admin.close()
            yield None  # this account may not make a base
            return
        scratch = connection_to({**_entry_of(connection), "NAME": name})
        try:
            self._restore(dump, vault=vault, into=name)
            yield scratch
        finally:
            scratch.close()
            with admin.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            admin.close()

    def must_be_empty(self) -> None:
        if connection.introspection.table_names():
            raise DumpError("There is a base already at KARTOTEKA_DATABASE_URL. Restore into an empty one.")
        connection.close()

    def load(self, dump: Path, *, vault: Vault) -> None:
        self.must_be_empty()
        self._restore(dump, vault=vault, into=str(connection.settings_dict["NAME"]))

    def _restore(self, dump: Path, *, vault: Vault, into: str) -> None:
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        arguments.append(f"--dbname={into}")
        with self._opened(dump, arguments, vault=vault, stdout=subprocess.DEVNULL):
            pass

    @contextmanager
    def _opened(
        self, dump: Path, arguments: list[str], *, vault: Vault, stdout: int
    ) -> Iterator[subprocess.Popen[bytes]]:
        """pg_restore reading the unsealed dump from a pipe, so that it never lies open on the disk."""
        with (
            unsealing(dump, key=vault.keys("backup")) as stream,
            self._run("pg_restore", arguments, stdout=stdout, stdin=stream) as process,
        ):
            stream.close()  # the program has it; ours would keep the pipe open after its end
            yield process

    @contextmanager
    def _run(
        self, program: str, arguments: list[str], *, stdout: int, stdin: IO[bytes] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        if not shutil.which(program):
            raise DumpError(f"{program} is not installed. On Debian: apt-get install postgresql-client")
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(  # noqa: S603 - our own arguments; the password goes by the environment
                [program, *arguments], stdin=stdin, stdout=stdout, stderr=complaints, env=self._environment()
            )
            try:
                yield process
                process.communicate()
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.returncode:
                complaints.seek(0)
                raise DumpError(f"{program} failed: {complaints.read().decode(errors='replace').strip()}")

    def _environment(self) -> dict[str, str]:
        given = connection.settings_dict
        options = {f"PG{name.upper()}": str(value) for name, value in given["OPTIONS"].items()}
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        account = {name: str(given[entry]) for name, entry in names.items() if given[entry]}
        return {**os.environ, **options, **account, "PGDATABASE": str(given["NAME"])}


def _entry_of(connection: Any) -> dict[str, Any]:
    """What a connection was made by, as in Django's DATABASES."""
    kept = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    return {name: connection.settings_dict[name] for name in kept}


def engine() -> Engine:
    """The one for the base in use."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()
