"""An order out of a message, in six languages, as people write them; a guess is marked as one."""

# ruff: noqa: E501 - messages as they are
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.intake.messages.reading import Draft, read_message

pytestmark = pytest.mark.any_base

SUNDAY = dt.date(2026, 3, 22)


def read(country: str, text: str) -> Draft:
    return read_message(text, today=SUNDAY, country=country)


def items(draft: Draft) -> list[tuple[str, str]]:
    return [(f"{each.quantity:f}", each.name) for each in draft.items]


@pytest.mark.parametrize(
    ("country", "text", "who", "phone", "when", "where", "what"),
    [
        (
            "PL",
            "[22/03/2026, 14:05:11] Anna Kowalska: Dzień dobry, poproszę 2 kg pierogów z mięsem i 3 sałatki na sobotę, "
            "odbiór 15:00. Tel 600 100 200",
            "Anna Kowalska", "+48600100200", "2026-03-28 15:00", "", [("2", "pierogów z mięsem (kg)"), ("3", "sałatki")],
        ),
        (
            "PL",
            "Dzień dobry, tu Olga Mak, proszę o 2x Kubek po 50 zł i 3 szt. Lampa, dostawa ul. Polna 5, 00-120 Warszawa, "
            "tel. 600 222 333, olga@example.pl. Dziękuję",
            "Olga Mak", "+48600222333", "", "ul. Polna 5, 00-120 Warszawa", [("2", "Kubek"), ("3", "Lampa")],
        ),
        (
            "PL",
            "Dzień dobry, chciałabym zamówić dwa torty czekoladowe po 120 zł oraz 10 szt. babeczek. Dostawa: ul. Długa 5/3, "
            "Kraków, jutro o 14:30.\nPozdrawiam\nMaria Nowak\n+48 601 202 303",
            "Maria Nowak", "+48601202303", "2026-03-23 14:30", "ul. Długa 5/3, Kraków",
            [("2", "torty czekoladowe"), ("10", "babeczek")],
        ),
        (
            "FI",
            "Hei! Tilaisin 3 kpl korvapuusteja à 2,50 € ja yhden mustikkapiirakan. Toimitus: Mannerheimintie 5 A 3, Helsinki, "
            "perjantaina klo 12. Terveisin Jukka Virtanen 040 123 4567",
            "Jukka Virtanen", "+358401234567", "2026-03-27 12:00", "Mannerheimintie 5 A 3, Helsinki",
            [("3", "korvapuusteja"), ("1", "mustikkapiirakan")],
        ),
        (
            "ZA",
            "Hi, ek wil asseblief 2 melkterte bestel en 1 koeksister teen R50 elk. Aflewer by: Kerkstraat 12, Stellenbosch, "
            "Saterdag 10:00. Naam: Pieter van der Merwe, 082 123 4567",
            "Pieter van der Merwe", "+27821234567", "2026-03-28 10:00", "Kerkstraat 12, Stellenbosch",
            [("2", "melkterte"), ("1", "koeksister")],
        ),
        (
            "PH",
            "Good pm po! Pa-order po ng 2 bilao ng pancit at 1 leche flan P250. Paki-deliver sa 12 Mabini St, Quezon City bukas "
            "3pm. Salamat po! - Maria Santos 0917 123 4567",
            "Maria Santos", "+639171234567", "2026-03-23 15:00", "12 Mabini St, Quezon City",
            [("2", "pancit (bilao)"), ("1", "leche flan")],
        ),
        (
            "MY",
            "Salam, saya nak order 3 kotak kuih lapis RM12 dan 2 biji kek. Hantar ke 12 Jalan Ampang, Kuala Lumpur esok pukul 4."
            " Nama: Siti binti Ahmad, 012-345 6789",
            "Siti binti Ahmad", "+60123456789", "2026-03-23 04:00", "12 Jalan Ampang, Kuala Lumpur",
            [("3", "kuih lapis (kotak)"), ("2", "kek")],
        ),
        (
            "GB",
            "Order:\n- 2 x Blue mug @ £5.50\n- 1 Teapot £30\n- Plates x 6\nDeliver to 10 Downing Street, London on 28/03/2026\n"
            "Thanks,\nJohn Smith\n07400 123456",
            "John Smith", "+447400123456", "2026-03-28", "10 Downing Street, London",
            [("2", "Blue mug"), ("1", "Teapot"), ("6", "Plates")],
        ),
    ],
)  # fmt: skip
def test_who_what_when_and_where(
    country: str, text: str, who: str, phone: str, when: str, where: str, what: list[tuple[str, str]]
) -> None:
    draft = read(country, text)
    assert (draft.name.text, draft.phone.text, draft.when.text, draft.where.text) == (who, phone, when, where)
    assert items(draft) == what


def test_prices_are_of_one_and_a_guess_where_that_is_not_said() -> None:
    each = read("FI", "Tilaisin 3 kpl pullaa à 2,50 €").items[0]
    assert (each.price, each.currency, each.sure) == (Decimal("2.50"), "EUR", True)
    whole = read("MY", "nak order 3 kotak kuih RM12").items[0]
    assert (whole.price, whole.currency, whole.sure) == (Decimal(4), "MYR", False)


def test_what_is_not_sure_says_so() -> None:
    weekday = read("PL", "poproszę chleb żytni na piątek o 4\nAnna")
    assert (weekday.when.text, weekday.when.sure) == ("2026-03-27 04:00", False)
    assert (weekday.name.text, weekday.name.sure) == ("Anna", False)
    assert [(each.name, each.quantity, each.sure) for each in weekday.items] == [("chleb żytni", 1, False)]
    assert read("PL", "ok, dzięki!").items == ()


def test_numbers_that_are_no_quantity() -> None:
    assert items(read("PL", "Zamówienie: 1,5 kg sera, 2x mleko 3,2%, jajka 10 szt")) == [
        ("1.5", "sera (kg)"), ("2", "mleko 3,2%"), ("10", "jajka"),
    ]  # fmt: skip
    viber = read("PL", "[ 22 March 2026 14:05 ] Ola Lis: 2 torty, tel 600100200")
    assert (viber.channel, viber.name.text, items(viber)) == ("viber", "Ola Lis", [("2", "torty")])


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    draft = read("PL", text)
    assert all(each.quantity > 0 and each.name for each in draft.items)


@pytest.mark.parametrize(
    "text", ["1 " * 2500, "a, " * 1600, "po " * 1600, "[" * 5000, "x" * 5000, "12:" * 1600, "-" * 5000]
)
def test_no_text_takes_long(text: str) -> None:
    import time

    began = time.process_time()
    read("PL", text)
    assert time.process_time() - began < 3
