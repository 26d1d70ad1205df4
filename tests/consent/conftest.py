"""Whom most tests of consent are about."""

from __future__ import annotations

import pytest

from kartoteka.people.models import Customer
from tests import make


@pytest.fixture
def anna() -> Customer:
    return make.person(
        "Anna",
        "Lis",
        phone="+48600100299",
        email="anna@example.com",
        birth="1985-04-03",
        addresses=[{"city": "Opole", "country": "PL"}],
        language="pl",
    )
