"""Where copies are kept: a folder, or a store that speaks S3 (any cloud's, or one in the house).

Both take whole sealed files by name, give them back, list and remove them. The S3 address comes from the environment of
the installation, as its database's does: whoever may set it owns the machine, so it is not looked at for addresses
inside the house (a store in the house is what many have).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings

SUFFIX, KEYS_SUFFIX = ".ktk", ".ktkkeys"
_PIECE = 1 << 20


class StoreError(Exception):
    """The store cannot be reached or refused; the message says why and what to do."""


class Store(Protocol):
    """A place for copies. `place` names it for a person, without secrets."""

    place: str

    def put(self, source: Path) -> None:
        """Keep the file under its own name; whole or not at all. Raises StoreError."""

    def names(self, suffix: str = SUFFIX) -> list[str]:
        """The names of the copies there, the oldest first. Raises StoreError."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """What is kept under `name`, piece by piece. Raises StoreError."""

    def remove(self, name: str) -> None:
        """Take it away; what is not there is as good as removed. Raises StoreError."""


def digest(store: Store, name: str) -> str:
    """SHA-256 of what the store holds under `name`, read back from there."""
    found = hashlib.sha256()
    for piece in store.pieces(name):
        found.update(piece)
    return found.hexdigest()


def fetch(store: Store, name: str, *, into: Path) -> Path:
    """Bring what is kept under `name` into a folder here; the file."""
    target = into / name
    with open(target, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        for piece in store.pieces(name):
            out.write(piece)
    return target


class Folder:
    """A folder: a disk, a stick, a share of another machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def put(self, source: Path) -> None:
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = self._path / source.name
            if source.parent.samefile(self._path):
                return
            draft = target.with_suffix(".part")
            shutil.copyfile(source, draft)
            draft.chmod(0o600)
            os.replace(draft, target)
        except OSError as error:
            raise StoreError(
                f"The copy could not be written to {self._path}: {error.strerror or error}."
            ) from error

    def names(self, suffix: str = SUFFIX) -> list[str]:
        if not self._path.is_dir():
            return []
        return sorted(path.name for path in self._path.iterdir() if path.suffix == suffix and path.is_file())

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            with (self._path / Path(name).name).open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece
        except OSError as error:
            raise StoreError(f"There is no copy {name} in {self._path}.") from error

    def remove(self, name: str) -> None:
        try:
            (self._path / Path(name).name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{name} could not be removed from {self._path}: {error.strerror}.") from error


class S3:
    """A bucket of an S3-like store: `s3://key:secret@host:port/bucket/folder?region=eu-central-1&tls=1`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        bucket, _, folder = parts.path.strip("/").partition("/")
        if parts.scheme != "s3" or not parts.hostname or not bucket:
            raise StoreError("KARTOTEKA_BACKUPS_S3 must look like s3://key:secret@host/bucket/folder.")
        from minio import Minio
        from urllib3 import PoolManager, Retry, Timeout

        self._bucket, self._folder = bucket, f"{folder}/" if folder else ""
        self.place = f"s3://{parts.hostname}/{bucket}/{self._folder}"
        port = f":{parts.port}" if parts.port else ""
        secure = options.get("tls", "1") != "0"
        pool: dict[str, Any] = {
            "timeout": Timeout(connect=10, read=60),
            "retries": Retry(total=3, backoff_factor=0.3, redirect=False),
        }
        if secure:
            pool["ssl_context"] = ssl.create_default_context(cafile=options.get("ca"))
        self._client = Minio(
            f"{parts.hostname}{port}",
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            secure=secure,
            region=options.get("region") or None,
            http_client=PoolManager(**pool),
        )

    def put(self, source: Path) -> None:
        with _plainly(self.place):
            self._client.fput_object(self._bucket, self._folder + source.name, str(source))

    def names(self, suffix: str = SUFFIX) -> list[str]:
        with _plainly(self.place):
            found = [each.object_name for each in self._client.list_objects(self._bucket, self._folder)]
        names = (str(name).removeprefix(self._folder) for name in found)
        return sorted(name for name in names if name.endswith(suffix) and "/" not in name)

    def pieces(self, name: str) -> Iterator[bytes]:
        with _plainly(self.place, name):
            answer = self._client.get_object(self._bucket, self._folder + name)
            try:
                yield from answer.stream(_PIECE)
            finally:
                answer.close()
                answer.release_conn()

    def remove(self, name: str) -> None:
        with _plainly(self.place):
            self._client.remove_object(self._bucket, self._folder + name)


class _plainly:
    """The client's many complaints as one of ours. name: of the copy that is asked for."""

    def __init__(self, place: str, name: str = "") -> None:
        self._place, self._name = place, name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from minio.error import MinioException
        from urllib3.exceptions import HTTPError

        if isinstance(error, MinioException | HTTPError | ValueError | OSError):
            why = getattr(error, "code", "") or type(error).__name__
            if why == "NoSuchKey":
                raise StoreError(f"There is no copy {self._name} in {self._place}.") from error
            raise StoreError(f"The store {self._place} refused or cannot be reached ({why}).") from error


def store_in_use() -> Store:
    """Where this installation keeps its copies. Raises StoreError for an address that is none."""
    given = settings.KARTOTEKA
    return S3(given.backups_s3) if given.backups_s3 else Folder(given.backup_folder)
