"""How often Python looks for objects that only hold one another."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# More objects than a chunk of rows is made of: what lives for a chunk is gone before anybody looks.
_SELDOM = (1_000_000, 50, 50)


def collect_seldom() -> None:
    """Look seldom, and leave what is there by now alone: for a process that works rows off and ends.

    Many small objects that live for a moment have Python look all the time, which took a fifth of an import.
    """
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """The same for a while."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
