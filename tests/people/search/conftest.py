"""Customers put straight into the base and the index."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kartoteka.kit import ids
from kartoteka.people.models import Customer
from kartoteka.people.search.index import index_customers

COLUMNS = ("name", "given", "middle", "family", "nickname", "company", "form", "birth", "title", "suffix")
Add = Callable[..., int]


@pytest.fixture
def add(db: None) -> Add:
    """A function that makes a customer of the values of a record, and gives its key."""

    def make(**values: Any) -> int:
        at = dt.datetime.now(dt.UTC)
        columns = {name: values[name] for name in COLUMNS if name in values}
        more = {name: value for name, value in values.items() if name not in COLUMNS}
        customer = Customer.objects.create(
            card=ids.new_cards(1)[0], more=more, made_at=at, changed_at=at, heard_at=at, **columns
        )
        index_customers([customer.pk])
        return customer.pk

    return make
