"""Partner lists: overlap by hashes, then only who agreed to that partner, through the gate and the export machinery."""

from __future__ import annotations

import hashlib
import hmac
import io
from pathlib import Path

import pytest

from kartoteka.consent import exchanging, point_hashes, purposes
from kartoteka.consent.exchanging import CannotExchange
from kartoteka.consent.ledger import Taken, give, withdraw
from kartoteka.consent.models import Exchange, ExchangeLine, Purpose
from kartoteka.consent.point_hashes import NoHashes, read_hashes
from kartoteka.kit import jobs
from kartoteka.people.exporting.asking import fetch
from kartoteka.people.models import Customer, Export
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from kartoteka.trust.models import AuditEntry, Staff
from tests.make import person

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "partner-lists.md"


@pytest.fixture
def wine(db: None) -> Purpose:
    return purposes.add(names={"en": "Wine club"}, ground="consent", partner="Winnica Sp. z o.o.", by=SHELL)


@pytest.fixture
def owner(db: None) -> Actor:
    return Staff.objects.create_user(email="o@example.com", name="Anna", role="owner").actor


def agree(customer: Customer, purpose: Purpose) -> None:
    give(customer=customer, purpose=purpose, channel="email", taken=Taken("form"), by=SHELL)


def partners_hash(salt: str, value: str) -> str:
    """As docs/reference/partner-lists.md tells a partner to make it."""
    return hmac.new(bytes.fromhex(salt), value.strip().lower().encode("utf-8"), hashlib.sha256).hexdigest()


def partners_list(exchange: Exchange, *values: str) -> io.BytesIO:
    lines = ["hash", *(partners_hash(exchange.salt, value) for value in values)]
    return io.BytesIO("\r\n".join(lines).encode("utf-8-sig"))


def test_the_documented_example_holds() -> None:
    salt = "00" * 31 + "01"
    told = point_hashes.hash_of(point_hashes.salt_of(salt), " Anna@Example.com ").hex()
    assert told == partners_hash(salt, "anna@example.com")
    document = DOCUMENT.read_text("utf-8")
    assert told in document
    assert point_hashes.hash_of(point_hashes.salt_of(salt), "+48601234567").hex() in document


def test_only_who_agreed_to_that_partner_leaves(wine: Purpose, owner: Actor) -> None:
    yes = person("Ewa", "Tak", email="ewa@example.com", phone="+48600100201")
    no = person("Jan", "Nie", email="jan@example.com")
    late = person("Ola", "Potem", email="ola@example.com")
    other = person("Iga", "Inna", email="iga@example.com")
    for each in (yes, late, other):
        agree(each, wine)
    agree(no, purposes.add(names={"en": "Beer"}, ground="consent", partner="Browar", by=SHELL))
    begun = exchanging.begin(purpose=wine, channel="email", by=owner, why="spring box")
    met = exchanging.compare(
        exchange=begun,
        stream=partners_list(begun, "EWA@example.com", "jan@example.com", "ola@example.com", "x@example.com"),
        by=owner,
    )
    assert (met.theirs, met.ours, met.met) == (4, 4, 3)
    assert met.answers == {"given": 2, "not_asked": 1}
    assert met.ground == "consent"
    assert met.theirs_digest
    lines = ExchangeLine.objects.filter(exchange=met).values_list("identity__customer", "answer", "agreed")
    assert set(lines) == {(yes.pk, "given", True), (late.pk, "given", True), (no.pk, "not_asked", False)}
    made = exchanging.ask_for_list(exchange=met, format="csv", by=owner)
    assert (made.customers, made.columns) == (2, ["card", "name", "email"])
    # What somebody withdraws before the file is written holds.
    withdraw(customer=late, purpose=wine, channel="email", taken=Taken("page"), by=SHELL)
    jobs.run_all_due()
    made.refresh_from_db()
    assert (made.state, made.customers) == ("done", 1)
    out = io.BytesIO()
    fetch(export=made.pk, target=out, by=owner)
    text = out.getvalue().decode("utf-8-sig")
    assert "ewa@example.com" in text
    for absent in ("jan@", "ola@", "iga@", "600100201"):
        assert absent not in text
    assert made.canaries.exists()
    with pytest.raises(CannotExchange):
        exchanging.ask_for_list(exchange=Exchange.objects.get(), format="csv", by=owner)
    told = "".join(str(each.detail) for each in AuditEntry.objects.all())
    assert "ewa@" not in told
    assert begun.salt not in told


def test_a_salt_is_used_once_and_the_list_is_kept_nowhere(wine: Purpose, owner: Actor) -> None:
    person("Ewa", "Tak", email="ewa@example.com")
    begun = exchanging.begin(purpose=wine, channel="email", by=owner)
    theirs = partners_list(begun, "ewa@example.com", "secret-partner@example.com")
    exchanging.compare(exchange=begun, stream=theirs, by=owner)
    begun.refresh_from_db()
    assert exchanging.as_data(begun)["salt"] == ""
    with pytest.raises(CannotExchange):
        exchanging.compare(exchange=begun, stream=theirs, by=owner)
    with pytest.raises(CannotExchange):
        exchanging.hashes_for_partner(purpose=wine, channel="email", salt=begun.salt, by=owner)
    kept = str(list(Exchange.objects.values())) + str(list(ExchangeLine.objects.values()))
    assert partners_hash(begun.salt, "secret-partner@example.com") not in kept
    assert exchanging.begin(purpose=wine, channel="email", by=owner).salt != begun.salt


def test_our_hashes_for_a_partner_are_of_those_who_agreed(wine: Purpose, owner: Actor) -> None:
    agree(person("Ewa", "Tak", email="ewa@example.com"), wine)
    person("Jan", "Nie", email="jan@example.com")
    salt = "ab" * 32
    told = exchanging.hashes_for_partner(purpose=wine, channel="email", salt=salt, by=owner)
    assert told == [partners_hash(salt, "ewa@example.com")]
    made = Exchange.objects.get()
    assert (made.began, made.ours, made.met) == ("them", 1, 1)
    with pytest.raises(CannotExchange):
        exchanging.hashes_for_partner(purpose=wine, channel="email", salt=salt, by=owner)
    with pytest.raises(CannotExchange):
        exchanging.ask_for_list(exchange=made, format="csv", by=owner)


def test_nothing_is_compared_without_a_named_partner_or_the_right(wine: Purpose, owner: Actor) -> None:
    nameless = purposes.add(names={"en": "Partners"}, ground="consent", by=SHELL)
    for purpose, channel in ((nameless, "email"), (wine, "post")):
        with pytest.raises(CannotExchange):
            exchanging.begin(purpose=purpose, channel=channel, by=owner)
    clerk = Actor("staff", 1, "clerk", frozenset({Right.SEE}))
    with pytest.raises(NotAllowed):
        exchanging.begin(purpose=wine, channel="email", by=clerk)
    begun = exchanging.begin(purpose=wine, channel="phone", by=owner)
    agree(person("Ewa", "Tak", email="ewa@example.com", phone="+48600100201"), wine)
    for wrong in ("ewa@example.com", "+48600100201", f"{'ab' * 32}\nnot a hash", "", "hash\n"):
        with pytest.raises(NoHashes) as refusal:
            exchanging.compare(exchange=begun, stream=io.BytesIO(wrong.encode()), by=owner)
        assert "600100201" not in str(refusal.value)
    assert not Export.objects.exists()
    begun.refresh_from_db()
    assert begun.compared_at is None, "what could not be read is no comparing"
    assert read_hashes(io.BytesIO(f'"{"AB" * 32}",Ewa'.encode())) == {bytes.fromhex("ab" * 32)}


def test_another_partner_needs_another_purpose(wine: Purpose) -> None:
    agree(person("Ewa", "Tak", email="ewa@example.com"), wine)
    with pytest.raises(purposes.BadPurpose):
        purposes.change(purpose=wine, partner="Somebody else", by=SHELL)
    wine.refresh_from_db()
    assert wine.partner == "Winnica Sp. z o.o."
    purposes.change(purpose=wine, months=12, partner="Winnica Sp. z o.o.", by=SHELL)
