"""Charges among goods: as shops of six languages write them, and what only looks like one."""

from decimal import Decimal

import pytest

from kartoteka.standard.charges import is_charge

pytestmark = pytest.mark.any_base


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        # As they stand in a real shop's file (UCI Online Retail).
        ("POSTAGE", "POST"),
        ("DOTCOM POSTAGE", "DOT"),
        ("CARRIAGE", "C2"),
        ("Next Day Carriage", "23444"),
        ("PACKING CHARGE", "23574"),
        ("Discount", "D"),
        ("Manual", "M"),
        ("Bank Charges", "BANK CHARGES"),
        ("AMAZON FEE", "AMAZONFEE"),
        ("CRUK Commission", "CRUK"),
        ("Adjust bad debt", "B"),
        ("Postage & packing", ""),
        ("Rabat 10%", "R10"),
        ("Wysyłka kurierem DPD 16,99", "W-1"),
        ("Dostawa - Paczkomat InPost", ""),
        ("Opłata za pobranie", ""),
        ("Toimituskulut", "900"),
        ("Pakkauskulut", ""),
        ("Afleweringskoste", ""),
        ("Caj penghantaran", ""),
        ("Kos penghantaran ke Sabah", "HANTAR"),
        ("Bayad sa pagpapadala", ""),
    ],
)
def test_charges(name: str, sku: str) -> None:
    assert is_charge(name, sku=sku)


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        ("BOYS PARTY BAG", "DCGSSBOY"),
        ("PADS TO MATCH ALL CUSHIONS", "PADS"),
        ("Dotcomgiftshop Gift Voucher £40.00", "gift_0001_40"),
        ("adjustment", "21319"),
        ("amazon adjust", "21823"),
        ("Carriage clock", "CLOCK"),
        ("Postage stamps", ""),
        ("Shipping container, toy", "TOY"),
        ("Manual", "M-100"),
        ("Membership fee", "MEMBER"),
        ("Jäsenmaksu", ""),
        ("Kos", ""),
        ("Express", ""),
        ("Home & garden", "HG"),
        ("Bank", "B1"),
        ("", ""),
        ("£$%", "7"),
    ],
)
def test_what_is_sold(name: str, sku: str) -> None:
    assert not is_charge(name, sku=sku)


def test_a_price_below_nothing_takes_off() -> None:
    assert is_charge("Loyalty", sku="L1", price=Decimal(-5))
    assert not is_charge("Loyalty card", sku="L1", price=Decimal(0))
