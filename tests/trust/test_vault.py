"""The key: made once, whole, for its owner only, and never guessed or replaced."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from kartoteka.trust.vault import Vault, VaultError, open_vault

pytestmark = pytest.mark.any_base


def test_the_first_opening_makes_a_key_that_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = open_vault(home=home)
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert open_vault(home=home) == first
    assert [path.name for path in home.iterdir()] == ["key"]


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    vault = open_vault(home=tmp_path)
    keys = [vault.key("database"), vault.key("django"), vault.key("backup"), vault.key("link")]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}
    assert bytes.fromhex((tmp_path / "key").read_text()) not in keys


def test_derivation_never_changes() -> None:
    """A base made today must open with every later version."""
    assert Vault(bytes(32)).key("database").hex() == (
        "006dbcb50be8d6e89ad91f41ae79f2e56d0f1717bf4bad9173f21b2742ab9864"
    )


def test_the_environment_wins(tmp_path: Path) -> None:
    assert open_vault(home=tmp_path, key="ab" * 32) == Vault(b"\xab" * 32)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    open_vault(home=tmp_path)
    os.chmod(tmp_path / "key", mode)
    with pytest.raises(VaultError, match=f"chmod 600 {tmp_path}/key"):
        open_vault(home=tmp_path)


def test_a_lost_key_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "kartoteka.db").write_bytes(b"x")
    with pytest.raises(VaultError, match="Put the key file back"):
        open_vault(home=tmp_path)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("text", ["", "hello", "ab" * 31, "ab" * 33, "ü" * 64])
def test_a_spoilt_key_is_named_and_not_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(VaultError, match="64 hexadecimal digits") as refusal:
        open_vault(home=tmp_path)
    assert not text or text not in str(refusal.value)


def test_many_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    found: list[Vault] = []
    start = threading.Barrier(8)

    def begin() -> None:
        start.wait()
        found.append(open_vault(home=tmp_path))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({vault.key("database") for vault in found}) == 1


def test_the_root_is_not_printed() -> None:
    assert "abab" not in repr(Vault(b"\xab" * 32))
    assert "\\xab" not in repr(Vault(b"\xab" * 32))
