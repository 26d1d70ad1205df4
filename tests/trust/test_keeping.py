"""Files that lie open for a moment."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from kartoteka.trust import keeping
from kartoteka.trust.sealed import SealBroken, rewrap, seal, unseal

pytestmark = pytest.mark.any_base


def test_what_is_kept_is_not_readable_and_comes_back(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    name, size, digest = keeping.keep(io.BytesIO(b"Anna Nowak" * 300_000), drawer="imports")
    kept = (tmp_path / "imports" / name).read_bytes()
    assert (size, len(digest)) == (3_000_000, 64)
    assert b"Nowak" not in kept
    with keeping.taken_out(name, drawer="imports") as path:
        assert path.read_bytes() == b"Anna Nowak" * 300_000
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.exists()


def test_what_a_dead_process_left_open_is_swept_away(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    left = tmp_path / "open" / f"{int(gone.stdout)}-abc"
    left.mkdir(parents=True)
    (left / "file").write_text("Anna Nowak")
    keeping.make_room()
    assert not left.exists()


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_sealing_at_the_edges_of_a_chunk(tmp_path, size: int) -> None:
    plain = b"x" * size
    seal(io.BytesIO(plain), tmp_path / "sealed", key=b"k" * 32)
    out = io.BytesIO()
    unseal(tmp_path / "sealed", out, key=b"k" * 32)
    assert out.getvalue() == plain


def test_a_changed_or_shortened_file_is_noticed(tmp_path) -> None:
    path = tmp_path / "sealed"
    seal(io.BytesIO(b"x" * 3_000_000), path, key=b"k" * 32)
    whole = path.read_bytes()
    for broken in (
        whole[:-1],
        whole[: 136 + (1 << 20) + 16],
        b"Y" + whole[1:],
        whole[:140] + bytes([whole[140] ^ 1]) + whole[141:],
        whole[:20] + bytes([whole[20] ^ 1]) + whole[21:],
    ):
        path.write_bytes(broken)
        with pytest.raises(SealBroken):
            unseal(path, io.BytesIO(), key=b"k" * 32)
    path.write_bytes(whole)
    with pytest.raises(SealBroken):
        unseal(path, io.BytesIO(), key=b"o" * 32)


def test_a_file_takes_another_key_without_being_written_anew(tmp_path) -> None:
    path, old, new = tmp_path / "sealed", b"o" * 32, b"n" * 32
    seal(io.BytesIO(b"x" * 3_000_000), path, key=old)
    body = path.read_bytes()[136:]
    assert rewrap(path, keys=[new, old])
    assert not rewrap(path, keys=[new, old])
    assert path.read_bytes()[136:] == body
    unseal(path, io.BytesIO(), key=new)
    with pytest.raises(SealBroken):
        unseal(path, io.BytesIO(), key=old)
    with pytest.raises(SealBroken):
        rewrap(path, keys=[b"a" * 32, b"b" * 32])
    assert rewrap(path, keys=[old, new]), "and back, by the other place"
    unseal(path, io.BytesIO(), key=[new, old])


@pytest.mark.parametrize("written", range(0, 61, 6))
def test_a_power_cut_while_a_head_is_written_loses_nothing(tmp_path, written: int) -> None:
    """The place that was being written holds anything; the other still opens, and the next go mends it."""
    path, old, new = tmp_path / "sealed", b"o" * 32, b"n" * 32
    seal(io.BytesIO(b"Anna Nowak"), path, key=old)
    whole = path.read_bytes()
    path.write_bytes(whole[:76] + b"?" * written + whole[76 + written :])
    for keys in ([new, old], [old]):
        out = io.BytesIO()
        unseal(path, out, key=keys)
        assert out.getvalue() == b"Anna Nowak"
    rewrap(path, keys=[new, old])
    unseal(path, io.BytesIO(), key=new)
