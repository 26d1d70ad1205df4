"""`kartoteka standardise`: try and check what standardising makes of lines of text."""

import argparse
import sys
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("standardise", help="read lines, write one JSON object a line")
    parser.add_argument("kind", choices=["phone", "email", "date", "name", "company", "address"])
    parser.add_argument(
        "--country", default="", help="ISO code of the country the lines come from, such as PL"
    )
    parser.add_argument("--language", default="", help="ISO code of their language, such as pl")
    parser.add_argument(
        "--excel", action="store_true", help="a bare number may be a date as Excel counts days"
    )
    parser.set_defaults(run=standardise, pure=True)


def standardise(options: argparse.Namespace) -> int:
    """Standardise what comes in on standard input, line by line."""
    from kartoteka.standard.lines import standardise_lines

    # Whatever bytes the lines hold, an answer is given for each of them.
    lines = (
        line.rstrip("\r\n")
        for line in open(0, encoding="utf-8", errors="replace", newline="\n", closefd=False)  # noqa: SIM115
    )
    for result in standardise_lines(
        options.kind,
        lines,
        country=options.country.upper(),
        language=options.language.lower(),
        excel=options.excel,
    ):
        print_json(result)
    sys.stdout.flush()
    return 0
