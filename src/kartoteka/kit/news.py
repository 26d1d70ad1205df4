"""News goes up: a domain announces what happened, floors above listen. Delivered once the write is committed."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

N = TypeVar("N")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_noters: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type[N], listener: Callable[[N], None]) -> None:
    """Have `listener` called with every `kind` that is announced. Called from an app's `ready()`."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def take_note(kind: type[N], noter: Callable[[N], None]) -> None:
    """Have `noter` called inside the transaction that announces: for who only notes in rows what is to be done, so that the
    note is there if and only if what happened is, also when the process is killed. Called from an app's `ready()`."""
    if noter not in _noters[kind]:
        _noters[kind].append(noter)


def announce(news: object) -> None:
    """Tell all listeners of this kind of news, after the surrounding transaction commits."""
    for noter in tuple(_noters[type(news)]):
        noter(news)
    for listener in tuple(_listeners[type(news)]):
        transaction.on_commit(partial(listener, news))
