from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import money

AMOUNTS = [
    ("1 234,56", "PL", "1234.56", "PLN"),
    ("1\u00a0234,56 zł", "PL", "1234.56", "PLN"),
    ("1,234.56", "GB", "1234.56", "GBP"),
    ("£1,234.56", "", "1234.56", "GBP"),
    ("1.234,56", "DE", "1234.56", "EUR"),
    ("1.234,56 €", "", "1234.56", "EUR"),
    ("R 1 234.50", "ZA", "1234.50", "ZAR"),
    ("R1234", "", "1234", "ZAR"),
    ("RM1,200", "MY", "1200", "MYR"),
    ("RM 12.50", "", "12.50", "MYR"),
    ("₱1,500.00", "", "1500.00", "PHP"),
    ("Php 1,500", "PH", "1500", "PHP"),
    ("1.234", "PL", "1234", "PLN"),
    ("1,234", "US", "1234", "USD"),
    ("12.500", "GB", "12.500", "GBP"),
    ("0,5", "FI", "0.5", "EUR"),
    ("12,50 €", "FI", "12.50", "EUR"),
    ("12,-", "DE", "12", "EUR"),
    ("1'234.50 CHF", "", "1234.50", "CHF"),
    ("$5", "US", "5", "USD"),
    ("$5", "SG", "5", "SGD"),
    ("USD 1,000.00", "PL", "1000.00", "USD"),
    ("-5", "PL", "-5", "PLN"),
    ("12.00-", "GB", "-12.00", "GBP"),
    ("(12.00)", "GB", "-12.00", "GBP"),
    ("£(12.00)", "GB", "-12.00", "GBP"),
    ("-£12.00", "", "-12.00", "GBP"),
    ("12.50 CR", "GB", "-12.50", "GBP"),
    ("1 234 567", "PL", "1234567", "PLN"),
    ("1234567.89", "", "1234567.89", ""),
    ("１２３，５０", "PL", "123.50", "PLN"),
]


@pytest.mark.parametrize(("text", "country", "amount", "currency"), AMOUNTS)
def test_amounts(text: str, country: str, amount: str, currency: str) -> None:
    result = money.standardise(text, country=country)
    assert result == money.Standard(money.Money(Decimal(amount), currency), text)
    assert result.value is not None
    assert str(result.value.amount) == amount


def test_the_currency_a_caller_gives_holds_where_the_text_is_silent() -> None:
    assert money.standardise("5", country="PL", currency="EUR").value == money.Money(Decimal(5), "EUR")
    assert money.standardise("5 zł", country="PL", currency="EUR").value == money.Money(Decimal(5), "PLN")


def test_thousands_or_decimals_is_told_where_nothing_decides() -> None:
    result = money.standardise("1,234")
    assert (result.value, result.problem, result.note) == (None, "ambiguous", "1234 | 1.234")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ""),
        ("n/a", ""),
        ("abc", "invalid"),
        ("12 zł 50", "invalid"),
        ("1 2", "invalid"),
        ("1,23,4.5", "invalid"),
        ("5 € $", "invalid"),
    ],
)
def test_no_amount(text: str, problem: str) -> None:
    assert money.standardise(text) == money.Standard(None, text, problem)


PLACES = {
    "PL": ("pl", "PLN"),
    "FI": ("fi", "EUR"),
    "PH": ("fil", "PHP"),
    "MY": ("ms", "MYR"),
    "GB": ("en_GB", "GBP"),
    "DE": ("de", "EUR"),
}


@given(st.decimals(-999999, 9999999, places=2), st.sampled_from(sorted(PLACES)))
def test_amounts_as_each_country_writes_them(amount: Decimal, country: str) -> None:
    locale, currency = PLACES[country]
    written = format_currency(amount, currency, locale=locale)
    assert money.standardise(written, country=country).value == money.Money(amount, currency)
