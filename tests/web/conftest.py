"""Browsers of people who work here, one for each role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kartoteka.trust.models import Staff

As = Callable[[str], Client]


@pytest.fixture
def as_role(db: None) -> As:
    """`as_role("staff")` is a client signed in as somebody of that role."""

    def make(role: str) -> Client:
        staff = Staff.objects.filter(role=role).first() or Staff.objects.create_user(
            email=f"{role}@example.com", name=f"The {role}", role=role
        )
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def owner(as_role: As) -> Client:
    return as_role("owner")


@pytest.fixture
def clerk(as_role: As) -> Client:
    return as_role("staff")
