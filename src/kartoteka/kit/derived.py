"""What is only computed from other rows, in tables that are no models: made anew wherever those rows arrive."""

from collections.abc import Callable

_makers: dict[str, Callable[[], object]] = {}


def register(name: str, make: Callable[[], object]) -> None:
    """Make known how `name` is made anew from the base in use. Called from an app's `ready()`."""
    _makers[name] = make


def make_all() -> None:
    """Make everything anew that is derived."""
    for make in _makers.values():
        make()
