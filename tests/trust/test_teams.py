"""Whom one can choose from among those who work here."""

from __future__ import annotations

import pytest

from kartoteka.trust.models import Staff
from kartoteka.trust.teams import colleagues_to_choose

pytestmark = pytest.mark.django_db


def test_two_of_one_name_are_told_apart() -> None:
    anna = Staff.objects.create_user(email="anna@example.com", name="Anna", role="owner")
    assert colleagues_to_choose() == [(str(anna.pk), "Anna")]
    jan = Staff.objects.create_user(email="jan@example.com", name="Jan", role="staff")
    other = Staff.objects.create_user(email="a.lis@example.com", name="Anna", role="staff")
    assert colleagues_to_choose() == [
        (str(other.pk), "Anna (a.lis@example.com)"),
        (str(anna.pk), "Anna (anna@example.com)"),
        (str(jan.pk), "Jan"),
    ]
