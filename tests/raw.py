"""The bytes that a base really has on the disk, opened: what a person with the key and a hex editor would see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection

from kartoteka.trust import vault

# SQLCipher 4: pages of 4096 bytes, AES-256-CBC, the last 80 bytes are the IV (16) and an HMAC-SHA-512; the first page
# begins with 16 bytes of salt in the clear.
_PAGE, _RESERVED, _SALT = 4096, 80, 16


def sqlite_pages(path: Path) -> Iterator[bytes]:
    """Every page of an encrypted base as it stands in the file, free ones too, decrypted."""
    key = vault.current().key("database")
    with path.open("rb") as file:
        first = True
        while page := file.read(_PAGE):
            body = page[_SALT if first else 0 : -_RESERVED]
            vector = page[-_RESERVED : -_RESERVED + 16]
            opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
            yield opened.update(body) + opened.finalize()
            first = False


def postgres_files() -> Iterator[bytes]:
    """The files of every table and index of the base, as the server reads them from its disk."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relnamespace IN"
            " ('public'::regnamespace, 'pg_toast'::regnamespace)"
        )
        for (path,) in cursor.fetchall():
            cursor.execute("SELECT pg_read_binary_file(%s)", [path])
            yield bytes(cursor.fetchone()[0])


def base_bytes() -> bytes:
    """All that the base holds on the disk, opened."""
    if connection.vendor == "postgresql":
        return b"".join(postgres_files())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert cursor.fetchone()[0] == 0, "somebody still reads what was there before"
    path = Path(str(connection.settings_dict["NAME"]))
    wal = path.with_name(path.name + "-wal")
    assert not wal.exists() or not wal.stat().st_size
    return b"".join(sqlite_pages(path))


def found_in(data: bytes, texts: tuple[str, ...]) -> list[str]:
    """Those of the texts that stand in the data, in whatever case."""
    lower: Any = data.lower()
    return [each for each in texts if each.lower().encode() in lower or each.encode("utf-16-le") in data]
