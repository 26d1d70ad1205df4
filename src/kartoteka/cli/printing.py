"""How the command line speaks: JSON for programs, lines for people, a bar for long work."""

import sys
from collections.abc import Callable

import orjson


def print_json(value: object) -> None:
    """One JSON value on a line of standard output."""
    sys.stdout.write(orjson.dumps(value, default=str).decode() + "\n")
    sys.stdout.flush()


def counted(count: int, one: str, many: str = "") -> str:
    """A number with what it counts, as English has it: 1 row, 2,000 rows, 1 entry, 2 entries."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def bar(label: str) -> Callable[[float, str], None]:
    """A function that draws a bar for a share (0 to 1) and a word beside it; on a terminal only."""
    shown = sys.stderr.isatty()

    def draw(share: float, word: str = "") -> None:
        if shown:
            filled = int(30 * min(1.0, share))
            end = "\n" if share >= 1 else ""
            sys.stderr.write(
                f"\r{label:<28.28} [{'#' * filled}{'.' * (30 - filled)}] {share:4.0%} {word:<24}{end}"
            )
            sys.stderr.flush()

    return draw
