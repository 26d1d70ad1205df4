"""Each person's own key: made in bulk, wrapped, in no backup of the base; destroyed, it takes all that was sealed along."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kartoteka.people.models import Claim
from kartoteka.people.photos import add_photo, photo_of
from kartoteka.people.recording import forget_identities
from kartoteka.trust import backups, key_copies, personal_keys, vault
from kartoteka.trust.actor import SHELL
from kartoteka.trust.dumps import engine
from kartoteka.trust.models import PersonalKey
from kartoteka.trust.personal_keys import KeyGone, Subject
from kartoteka.trust.stores import Folder
from tests import make

from .test_backups import empty_base, use

__all__ = ["empty_base"]
ANNA, JAN = Subject("identity", "1"), Subject("identity", "2")


@pytest.mark.django_db
def test_sealed_and_opened_in_bulk(django_assert_max_num_queries: Any) -> None:
    items = [(Subject("identity", str(n % 50)), f"income {n} ż") for n in range(500)]
    with django_assert_max_num_queries(8):
        sealed = personal_keys.seal_many(items)
        assert personal_keys.open_many(sealed) == [text for _subject, text in items]
    assert PersonalKey.objects.count() == 50
    assert not any("income" in each for each in sealed)
    assert len(set(sealed)) == 500
    with django_assert_max_num_queries(0):
        assert personal_keys.seal_many([]) == []
        assert personal_keys.open_many([]) == []


@pytest.mark.django_db
def test_a_destroyed_key_is_gone_and_a_new_one_opens_nothing_old() -> None:
    hers, his = personal_keys.seal_many([(ANNA, "allergy"), (JAN, "none")])
    assert personal_keys.destroy([ANNA, Subject("identity", "404")]) == 1
    assert personal_keys.open_many([hers, his]) == [None, "none"]
    with pytest.raises(KeyGone):
        personal_keys.unseal(hers)
    fresh = personal_keys.seal(ANNA, "again")
    assert personal_keys.unseal(fresh) == "again"
    assert personal_keys.open_many([hers]) == [None]
    assert personal_keys.destroy([ANNA]) == 1
    rows = PersonalKey.objects.filter(subject="1")
    assert [(row.wrapped, bool(row.destroyed_at)) for row in rows] == [("", True)] * 2


@pytest.mark.django_db
def test_what_is_spoilt_or_another_s_does_not_open() -> None:
    hers = personal_keys.seal(ANNA, "allergy")
    his = personal_keys.seal(JAN, "x")
    name = his.split(".")[1]
    for spoilt in (
        hers[:-6],
        f"{hers[:-4]}AAAA",
        hers.replace(hers.split(".")[1], name),
        "ktk1.",
        "ktk1.x.y",
        "plain",
        "",
    ):
        assert personal_keys.open_many([spoilt]) == [None], spoilt


@pytest.mark.django_db
@given(st.text(), st.text())
def test_blind_equality(one: str, other: str) -> None:
    assert (personal_keys.blind("income", one) == personal_keys.blind("income", other)) == (one == other)
    assert personal_keys.blind("income", one) != personal_keys.blind("children", one)
    assert personal_keys.blind("income", one) in personal_keys.blinds("income", one)


@pytest.mark.django_db
def test_a_rotation_wraps_them_anew(settings: Any) -> None:
    old = vault.current()
    sealed = personal_keys.seal_many([(Subject("identity", str(n)), "x") for n in range(5)])
    found = personal_keys.blind("income", "high")
    both = old.begun(b"\x07" * 32)
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, key=",".join(both.lines().split()))
    assert personal_keys.open_many(sealed) == ["x"] * 5
    assert personal_keys.rewrap_all() == 5
    assert personal_keys.rewrap_all() == 0
    assert found in personal_keys.blinds("income", "high")
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, key="07" * 32)
    assert personal_keys.open_many(sealed) == ["x"] * 5


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    out.seek(0)
    return out


@pytest.mark.django_db
def test_a_photo_goes_with_its_person() -> None:
    anna = make.person("Anna", "Nowak")
    kept = add_photo(customer=anna, stream=photo(), by=SHELL)
    assert photo_of(customer=anna, actor=SHELL)
    sealed = next(Path(backups.settings.MEDIA_ROOT).rglob(kept.name)).read_bytes()
    assert personal_keys.destroy([Subject("identity", str(kept.identity_id))]) == 1
    assert photo_of(customer=anna, actor=SHELL) is None
    assert b"JFIF" not in sealed
    again = add_photo(customer=anna, stream=photo(), by=SHELL)
    assert photo_of(customer=anna, actor=SHELL)
    identities = list(anna.identities.values_list("pk", flat=True))
    Claim.objects.filter(identity__in=identities).delete()
    forget_identities(identities)
    assert not PersonalKey.objects.filter(destroyed_at=None, subject=str(again.identity_id)).exists()


def dumped(folder: Path) -> Path:
    engine().dump(folder / "dump", vault=vault.current())
    return folder / "dump"


@pytest.mark.django_db(transaction=True)
def test_who_was_forgotten_cannot_be_read_in_an_old_backup(
    tmp_path: Path, settings: Any, empty_base: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    (tmp_path / "home").mkdir()
    use(settings, tmp_path / "home", copies)
    hers, his = personal_keys.seal_many([(ANNA, "allergy"), (JAN, "none")])
    old = backups.backup(to=copies, by=SHELL)
    assert old.rows.get("trust_personalkey", 0) == 0
    with engine().opened(dumped(tmp_path), vault=vault.current()) as scratch, scratch.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_personalkey")
        assert cursor.fetchone()[0] == 0

    personal_keys.destroy([ANNA])
    monkeypatch.setattr(timezone, "now", lambda real=timezone.now: real() + dt.timedelta(days=31))
    backups.backup(to=copies, by=SHELL)
    monkeypatch.undo()
    assert len(Folder(copies).names()) == 2
    assert len(Folder(copies).names(".ktkkeys")) == 1, "the file that held her key went by age"

    use(settings, tmp_path / "new", tmp_path / "new" / "backups")
    empty_base()
    backups.restore(source=old.path, by=SHELL)
    assert personal_keys.open_many([hers, his]) == [None, "none"]


@pytest.mark.django_db
def test_copies_of_keys_come_back(tmp_path: Path) -> None:
    sealed = personal_keys.seal_many([(ANNA, "allergy"), (JAN, "none")])
    personal_keys.destroy([JAN])
    file = key_copies.copy_keys(tmp_path, made_at=timezone.now())
    assert b"identity" not in file.read_bytes()
    PersonalKey.objects.all().delete()
    assert key_copies.newest_keys(tmp_path) == file
    assert key_copies.restore_keys(file) == 1
    assert personal_keys.open_many(sealed) == ["allergy", None]
    assert key_copies.restore_keys(file) == 1
    assert PersonalKey.objects.count() == 2
