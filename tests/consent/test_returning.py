"""An old copy brings nobody back who was forgotten since, keeps the tombstones, and holds nothing sealed that opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kartoteka.consent.erasure import forget, lift, unswept
from kartoteka.consent.models import Erasure, Tombstone
from kartoteka.consent.returning import tell_erasures
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Claim, Customer, Identity
from kartoteka.people.reading import sensitive_values
from kartoteka.quality.merging import merge, split
from kartoteka.trust import backups, outliving, personal_keys
from kartoteka.trust.actor import SHELL
from tests import make
from tests.trust.test_backups import empty_base, use

__all__ = ["empty_base"]
HERS = ("85040312345", "Wyjątkowska", "600100299")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A home of its own, with the suite's key."""
    (tmp_path / "home").mkdir()
    settings.MEDIA_ROOT = tmp_path / "home" / "media"
    return use(settings, tmp_path / "home", tmp_path / "copies")


@pytest.mark.django_db(transaction=True)
def test_an_old_copy_brings_nobody_back(
    home: Path, tmp_path: Path, settings: Any, empty_base: Callable[[], None]
) -> None:
    anna = make.person("Anna", "Wyjątkowska", phone="+48600100299", national_id="85040312345", key="a")
    jan = make.person("Jan", "Nowak", national_id="111", key="j")
    # In the copy these two are one; only the one who is parted from it later is forgotten.
    ola, ula = (make.person(name, "Lis", national_id=name, key=name) for name in ("Ola", "Ula"))
    merger = merge(kept=ola, gone=ula, by=SHELL)
    eve = make.person("Ewa", "Kot", phone="+48600100300", key="e")
    old = backups.backup(to=tmp_path / "copies", by=SHELL)
    sealed = [
        text
        for values in Claim.objects.filter(identity__customer=anna).values_list("values", flat=True)
        for text in values.values()
        if personal_keys.is_sealed(text)
    ]

    forget(customer=anna, by=SHELL, why="asked")
    forget(customer=Customer.objects.get(pk=split(merger=merger, by=SHELL).parted_id), by=SHELL, why="rule")
    came_back = forget(customer=eve, by=SHELL, why="asked")
    lift(erasure=came_back.pk, by=SHELL, why="she came to the counter")
    stones = set(Tombstone.objects.values_list("what", "hash"))
    erased = list(Erasure.objects.order_by("at").values_list("at", "why", "done", "lifted_why"))
    outliving.put_with_copies()
    told = outliving.beside_the_base().read_bytes()
    assert not [each for each in HERS if each.encode() in told]

    use(settings, tmp_path / "new", tmp_path / "new" / "backups")
    empty_base()
    backups.restore(source=old.path, by=SHELL)
    assert sorted(Customer.objects.filter(merged_into=None).values_list("given", flat=True)) == ["Jan", "Ola"]
    assert set(Identity.objects.values_list("key", flat=True)) == {"j", "Ola"}
    assert set(Tombstone.objects.values_list("what", "hash")) == stones
    assert list(Erasure.objects.order_by("at").values_list("at", "why", "done", "lifted_why")) == erased
    assert sealed
    assert personal_keys.open_many(sealed) == [None] * len(sealed)
    assert sensitive_values([jan.pk, ola.pk], ["national_id"]) == {
        jan.pk: {"national_id": "111"},
        ola.pk: {"national_id": "Ola"},
    }
    # What a next restore has to know is known beside the new base as well, and nothing is done twice.
    assert len(outliving.told()) == 4
    assert outliving.take_up_again(outliving.told()) == {"forgotten": 0}
    change_customer(customer=Customer.objects.get(given="Jan"), changes={"note": "still here"}, by=SHELL)


@pytest.mark.django_db
def test_what_was_not_told_is_told_with_the_sweeping(home: Path, settings: Any) -> None:
    """A machine that stopped between the erasure and the telling: the worker makes it good. Half a line is passed over."""
    done = forget(customer=make.person("Anna", "Kot", key="a"), by=SHELL, why="asked")
    assert outliving.told() == [], "the transaction of the test does not end"
    outliving.beside_the_base().write_bytes(b"half a li")
    tell_erasures(unswept())
    tell_erasures(unswept())
    [line] = outliving.told()
    assert line["at"] == done.at.isoformat()
    outliving.put_with_copies()
    assert outliving.told([settings.KARTOTEKA.backup_folder]) == [line]
