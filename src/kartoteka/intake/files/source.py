"""The bytes of a file: opened as often as needed, unpacked on the way, never more of them than allowed."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from kartoteka.intake.files.unreadable import Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MB = 1024 * 1024
MAX_BYTES = 4096 * MB  # of a text file, unpacked
MAX_LINE = 4 * MB
MAX_DOCUMENT = 256 * MB  # of a spreadsheet, as a file
MAX_RATIO = 250  # unpacked to packed; real lists reach some 20 to 60
ALWAYS_FINE = 64 * MB  # below this no ratio matters
PACKED = {b"\x1f\x8b": "gz", b"\xfd7zXZ\x00": "xz", b"BZh": "bz2"}
# What the standard library raises for packed files with wrong bytes in them.
DAMAGED = (
    *(EOFError, OSError, RuntimeError, ValueError, IndexError, KeyError, NotImplementedError, struct.error),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file, maybe packed. `member` is the file inside a zip; `packing` one of "", gz, xz, bz2, zip."""

    path: Path
    name: str
    packing: str = ""
    member: str = ""
    max_bytes: int = MAX_BYTES

    def open(self, *, max_line: int = 0) -> "Guarded":
        """The unpacked bytes from the start; with max_line, reading stops (Unreadable) at a longer line."""
        try:
            return Guarded(self._raw(), self, max_line)
        except DAMAGED as error:
            raise Unreadable("damaged", name=self.name) from error

    def _raw(self) -> IO[bytes]:
        if self.packing == "gz":
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        if self.packing == "xz":
            return lzma.open(self.path, "rb")
        if self.packing == "bz2":
            return bz2.open(self.path, "rb")
        if self.packing == "zip":
            return zipfile.ZipFile(self.path).open(self.member)
        return self.path.open("rb")

    def seekable(self) -> Path | BinaryIO:
        """The file for a library that wants to jump about in it; unpacked in memory when packed."""
        return io.BytesIO(self.whole(MAX_DOCUMENT)) if self.packing else self.path

    def head(self, size: int = 64 * 1024) -> bytes:
        """The first bytes, unpacked."""
        with self.open() as stream:
            return stream.read(size)

    def whole(self, limit: int) -> bytes:
        """All bytes, unpacked; Unreadable "too_large" when there are more than `limit`."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Unreadable("too_large", name=self.name, limit=limit // MB)
        return data


class Guarded(io.BufferedIOBase):
    """Reads on behalf of the text layer and stops at too many bytes, at a bomb, at a line without end."""

    def __init__(self, inner: IO[bytes], source: Source, max_line: int) -> None:
        self._inner = inner
        self._source = source
        self._max_line = max_line
        self._line = 0
        self._total = 0
        packed = source.path.stat().st_size
        self._limit = source.max_bytes
        self._bomb = max(ALWAYS_FINE, packed * MAX_RATIO) if source.packing else self._limit + 1

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return not self._source.packing

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._inner.seek(offset, whence)

    def read1(self, size: int = -1, /) -> bytes:
        try:
            data = self._inner.read(size if size > 0 else 64 * 1024)
        except DAMAGED as error:
            raise Unreadable("damaged", name=self._source.name) from error
        self._total += len(data)
        if self._total > self._bomb:
            raise Unreadable("bomb", name=self._source.name)
        if self._total > self._limit:
            raise Unreadable("too_large", name=self._source.name, limit=self._limit // MB)
        if self._max_line:
            self._check_line(data)
        return data

    def read(self, size: int | None = -1, /) -> bytes:
        parts, wanted = [], size if size is not None and size >= 0 else self._limit + 1
        while wanted > 0 and (data := self.read1(min(wanted, MB))):
            parts.append(data)
            wanted -= len(data)
        return b"".join(parts)

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read1(len(view))
        view[: len(data)] = data
        return len(data)

    def _check_line(self, data: bytes) -> None:
        last = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self._line = self._line + len(data) if last < 0 else len(data) - last
        if self._line > self._max_line:
            raise Unreadable("long_line", name=self._source.name, limit=self._max_line // MB)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def find_source(path: Path, *, name: str, max_bytes: int = MAX_BYTES) -> Source:
    """The file at `path` as a source, looking through .gz, .xz, .bz2 and a .zip that holds one file.

    Raises Unreadable: empty, too large, not there, a zip with several files or a password, a bomb.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise Unreadable("not_found", name=name) from error
    if size == 0:
        raise Unreadable("empty", name=name)
    if size > max_bytes:
        raise Unreadable("too_large", name=name, limit=max_bytes // MB)
    for magic, packing in PACKED.items():
        if head.startswith(magic):
            return Source(path, name, packing, max_bytes=max_bytes)
    if head.startswith(b"PK") and (member := only_member(path, name)):
        return Source(path, name, "zip", member, max_bytes)
    return Source(path, name, max_bytes=max_bytes)


def only_member(path: Path, name: str) -> str:
    """The one file in a plain zip; "" for a zip that is itself a document (xlsx, ods ...)."""
    with open_zip(path, name) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names or "mimetype" in names or "Index/Document.iwa" in names:
            return ""
        files = [
            info
            for info in archive.infolist()
            if info.filename[-1:] not in ("", "/")
            and not info.filename.startswith("__MACOSX/")
            and info.filename[-9:] != ".DS_Store"
        ]
        if not files:
            raise Unreadable("empty", name=name)
        if len(files) > 1:
            raise Unreadable("several_files", name=name, count=len(files))
        if files[0].flag_bits & 1:
            raise Unreadable("password", name=name)
        return files[0].filename


def open_zip(file: Path | BinaryIO, name: str) -> zipfile.ZipFile:
    """A zip archive, or Unreadable "damaged"."""
    try:
        return zipfile.ZipFile(file)
    except DAMAGED as error:
        raise Unreadable("damaged", name=name) from error
