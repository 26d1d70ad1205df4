"""The key changed: everything opens as before, people stay signed in, nobody else notices, and kill -9 loses nothing."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kartoteka.trust import passphrases
from kartoteka.trust.passphrases import WrongPassphrase
from kartoteka.trust.sealed import SealBroken, unseal
from kartoteka.trust.vault import Vault, VaultError, open_vault

pytestmark = pytest.mark.any_base

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, code: str, *words: str, feed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Code in a process of its own, over an installation of its own on SQLite; `feed` comes by a descriptor."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEKA_")}
    read_end, write_end = os.pipe()
    os.write(write_end, f"{feed}\n".encode())
    os.close(write_end)
    here = {name: value.replace("FEED", str(read_end)) for name, value in more.items()}
    try:
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            env={**kept, "KARTOTEKA_HOME": str(home), "PYTHONPATH": "src:.", "PYTHONUNBUFFERED": "1",
                 "DJANGO_SETTINGS_MODULE": "kartoteka.project.settings", **here},
            capture_output=True, text=True, check=False, cwd=ROOT, pass_fds=[read_end], stdin=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.close(read_end)


def cli(home: Path, *words: str, feed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return run(home, "import sys; from kartoteka.cli.main import main; sys.exit(main(sys.argv[1:]))",
               *words, feed=feed, **more)  # fmt: skip


# What is in the base, the files, the sessions and the audit, told by somebody who comes with the key file.
MAKE = """
import io, django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from kartoteka.trust import keeping, chain, audit
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
for n in range(2000): audit.note(by=SHELL, action="viewed", detail={"note": "x" * 900}) if n % 40 == 0 else None
Staff.objects.bulk_create(Staff(email=f"{n}@example.org", name="x" * 150, password="y" * 128) for n in range(20000))
name, _, _ = keeping.keep(io.BytesIO(b"Anna" * 5000), drawer="photos")
session = SessionStore(); session["who"] = "Anna"; session.save()
print(name, session.session_key, signing.dumps("Anna"))
"""
LOOK = """
import io, sys, json, django; django.setup()
from kartoteka.trust import keeping, vault, rotation
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.verifying import verify
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
out = io.BytesIO(); keeping.take_out(sys.argv[1], out, drawer="photos")
found = verify(actor=SHELL)
print(json.dumps({"staff": Staff.objects.count(), "file": len(out.getvalue()),
  "session": SessionStore(sys.argv[2])["who"],
  "signed": signing.loads(sys.argv[3]), "audit": found.whole,
  "key": vault.current().name, "rotating": rotation.unfinished()}))
"""
ROTATE_AND_DIE = """
import os, sys, threading, time, django; django.setup()
from kartoteka.trust import rotation
from kartoteka.trust.actor import SHELL
def die(share, word):
    if word == sys.argv[1]: os.kill(os.getpid(), 9)
    if word == "base" and sys.argv[1] == "during":
        threading.Thread(target=lambda: (time.sleep(0.06), os.kill(os.getpid(), 9))).start()
rotation.rotate(by=SHELL, progress=die)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    home = tmp_path_factory.mktemp("made")
    done = run(home, MAKE)
    assert done.returncode == 0, done.stderr
    return home, done.stdout.split()


@pytest.fixture
def home(made: tuple[Path, list[str]], tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", str(made[0]), str(tmp_path / "home")], check=True)
    return tmp_path / "home"


def look(home: Path, words: list[str], **more: str) -> dict[str, object]:
    told = run(home, LOOK, *words, **more)
    assert told.returncode == 0, told.stderr
    found: dict[str, object] = json.loads(told.stdout)
    return found


WELL = {"staff": 20000, "file": 20000, "session": "Anna", "signed": "Anna", "audit": True}


@pytest.mark.slow
def test_everything_opens_as_before(home: Path, made: tuple[Path, list[str]]) -> None:
    old_key = (home / "key").read_text()
    before = look(home, made[1])
    done = cli(home, "key", "rotate", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == 1
    after = look(home, made[1])
    assert {name: after[name] for name in WELL} == WELL
    assert after["key"] != before["key"]
    assert (home / "key").read_text().endswith(old_key)
    # Who has only the old key opens neither the base nor the files.
    (home / "key").write_text(old_key)
    assert "The key does not open the base" in cli(home, "token", "x").stderr
    photo = next((home / "media" / "photos").iterdir())
    with pytest.raises(SealBroken, match="another key"):
        unseal(photo, io.BytesIO(), key=open_vault(home=home).key("files"))


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["base", "during", "files", "keys"])
def test_killed_in_the_middle_it_opens_and_goes_on(
    home: Path, made: tuple[Path, list[str]], moment: str
) -> None:
    before = look(home, made[1])["key"]
    killed = run(home, ROTATE_AND_DIE, moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    found = look(home, made[1])
    assert {name: found[name] for name in WELL} == WELL
    assert found["rotating"] is True
    assert found["key"] != before
    done = cli(home, "key", "rotate", "--json")
    assert json.loads(done.stdout)["resumed"] is True, done.stderr
    after = look(home, made[1])
    assert {name: after[name] for name in WELL} == WELL
    assert (after["key"], after["rotating"]) == (found["key"], False)
    assert len((home / "key").read_text().split()) == 2, "one new root, not two"


# As a page, which looks at its connection when it begins, and as an import, which goes on with the one it has.
SERVE = """
import sys, django; django.setup()
from contextlib import nullcontext
from django.db import close_old_connections, transaction
from kartoteka.kit import bulk
from kartoteka.trust.models import Staff
from kartoteka.trust import audit
from kartoteka.trust.actor import SHELL
with bulk.writing_much() if sys.argv[1] == "import" else nullcontext():
    for line in sys.stdin:
        if sys.argv[1] == "page":
            close_old_connections()
        Staff.objects.filter(pk=1).update(name="x")
        with transaction.atomic():
            audit.note(by=SHELL, action="viewed")
        print(Staff.objects.count(), flush=True)
print("ended", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("work", ["page", "import"])
def test_who_is_at_work_goes_on(home: Path, made: tuple[Path, list[str]], work: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEKA_")}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, work], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**kept, "KARTOTEKA_HOME": str(home), "PYTHONPATH": "src:.",
             "DJANGO_SETTINGS_MODULE": "kartoteka.project.settings"},
    )  # fmt: skip
    assert server.stdin
    assert server.stdout
    try:
        for _ in range(2):
            for _ in range(2):
                server.stdin.write("\n")
                server.stdin.flush()
                assert server.stdout.readline() == "20000\n"
            assert cli(home, "key", "rotate").returncode == 0
        server.stdin.close()
        assert server.stdout.readline() == "ended\n"
    finally:
        server.stdin.close()
        server.wait(20)
    assert look(home, made[1])["audit"] is True


@pytest.mark.slow
def test_a_passphrase(home: Path, made: tuple[Path, list[str]]) -> None:
    words = "correct horse battery"
    unasked = cli(home, "key", "lock")
    assert "Type this where it can ask" in unasked.stderr
    assert "Traceback" not in unasked.stderr
    assert not (home / "key").read_text().startswith(passphrases.MARK)
    locked = cli(home, "key", "lock", feed=words, KARTOTEKA_NEW_PASSPHRASE_FD="FEED")
    assert locked.returncode == 0, locked.stderr
    text = (home / "key").read_text()
    assert text.startswith(passphrases.MARK)
    assert (home / "key").stat().st_mode & 0o077 == 0
    nobody = cli(home, "token", "x")
    assert "locked with a passphrase" in nobody.stderr
    wrong = cli(home, "token", "x", feed="wrong horse battery", KARTOTEKA_PASSPHRASE_FD="FEED")
    assert "passphrase does not open" in wrong.stderr
    assert "Traceback" not in wrong.stderr + nobody.stderr
    with_it = {"feed": words, "KARTOTEKA_PASSPHRASE_FD": "FEED"}
    assert look(home, made[1], **with_it)["staff"] == 20000
    done = cli(home, "key", "rotate", **with_it)
    assert done.returncode == 0, done.stderr
    assert (home / "key").read_text().startswith(passphrases.MARK)
    assert {k: v for k, v in look(home, made[1], **with_it).items() if k in WELL} == WELL
    assert cli(home, "key", "unlock", **with_it).returncode == 0
    assert look(home, made[1])["staff"] == 20000


def test_locking() -> None:
    text = passphrases.lock("ab" * 32, passphrase="zażółć gęślą jaźń")
    assert "ab" * 32 not in text
    assert passphrases.unlock(text, passphrase="zażółć gęślą jaźń") == "ab" * 32
    assert (
        passphrases.unlock(
            text, passphrase="zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301"
        )
        == "ab" * 32
    )
    for spoilt, said in [
        (text.replace(":131072:", ":65536:"), "does not open"), (text.replace(":131072:", ":2147483648:"), "damaged"),
        (text[:-20], "d"), (f"{passphrases.MARK}:1:x", "damaged"), (f"{passphrases.MARK}:", "damaged"),
    ]:  # fmt: skip
        with pytest.raises(WrongPassphrase, match=said):
            passphrases.unlock(spoilt, passphrase="zażółć gęślą jaźń")
    with pytest.raises(WrongPassphrase, match="at least"):
        passphrases.lock("ab" * 32, passphrase="short")


def test_a_key_from_the_environment_with_the_former_one(tmp_path: Path) -> None:
    both = open_vault(home=tmp_path, key=f"{'cd' * 32},{'ab' * 32}")
    assert both == Vault(b"\xcd" * 32, (b"\xab" * 32,))
    assert both.keys("files") == (Vault(b"\xcd" * 32).key("files"), Vault(b"\xab" * 32).key("files"))
    assert both.name == Vault(b"\xcd" * 32).name != Vault(b"\xab" * 32).name
    with pytest.raises(VaultError):
        open_vault(home=tmp_path, key="cd,ab")
    told = cli(tmp_path, "key", "rotate", KARTOTEKA_KEY="ab" * 32)
    assert "Put a new one before it" in told.stderr
