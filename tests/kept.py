"""A base that several tests start from, made once.

Making everything that a walk of the whole site needs takes longer than walking an address of it. Here it is made in a
transaction that stays open; each test runs in one of its own inside of it, so that its changes are taken back as ever.

A module asks for it for all its tests, by `pytest.mark.usefixtures` in its pytestmark: a test that started without what
the others made would find another base, depending on which tests ran before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db import transaction

T = TypeVar("T")


def kept(blocker: Any, make: Callable[[], T]) -> Iterator[T]:
    """Give what `make` makes, and take it back when asked to go on: the body of a fixture of a module.

    `blocker` is pytest-django's: the tests between still say themselves that they use the base.
    """
    whole = transaction.atomic()
    whole._from_testcase = True  # verbs that must be the outermost transaction may run inside, as in any test
    with blocker.unblock():
        whole.__enter__()
        try:
            made = make()
        except BaseException:
            _take_back(whole)
            raise
    yield made
    with blocker.unblock():
        _take_back(whole)


def _take_back(whole: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    whole.__exit__(None, None, None)
