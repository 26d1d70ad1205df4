"""Sealed files as streams: whoever writes or reads them needs no readable file in between.

Sealing runs in a thread beside the work, with a pipe between the two.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .sealed import seal, unseal


@contextmanager
def sealing(target: Path, *, key: bytes) -> Iterator[BinaryIO]:
    """A stream to write to; what is written lands in `target`, sealed. The file must not exist yet."""

    def work(end: BinaryIO) -> None:
        seal(end, target, key=key)

    with _beside(work, reads=True) as stream:
        yield stream


@contextmanager
def unsealing(source: Path, *, key: bytes | Sequence[bytes]) -> Iterator[BinaryIO]:
    """A stream that gives what `source` holds. Raises SealBroken at its end if the file is not whole."""

    def work(end: BinaryIO) -> None:
        unseal(source, end, key=key)

    with _beside(work, reads=False) as stream:
        yield stream


@contextmanager
def _beside(work: Callable[[BinaryIO], None], *, reads: bool) -> Iterator[BinaryIO]:
    read_end, write_end = os.pipe()
    theirs, ours = (read_end, write_end) if reads else (write_end, read_end)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(theirs, "rb" if reads else "wb") as end:
                work(end)
        except BrokenPipeError:
            pass  # we stopped reading, and know why
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    stream = os.fdopen(ours, "wb" if reads else "rb")
    try:
        yield stream
    finally:
        # Where the thread failed, our own trouble with the pipe is only the echo of it.
        with suppress(BrokenPipeError):
            stream.close()
        thread.join()
        if failures:
            raise failures[0]
