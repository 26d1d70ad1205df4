"""Checks of what is built in: `selftest models`."""

import argparse
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("selftest", help="check what is built in against what was published")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    models = parts.add_parser("models", help="the models of worth, fitted now to the published data")
    models.add_argument("--json", action="store_true")
    models.set_defaults(run=test_models, pure=True)


def test_models(options: argparse.Namespace) -> int:
    """Print the published numbers and ours; 1 where one is not the same."""
    from kartoteka.segments.worth.published import beside

    found = beside()
    if options.json:
        print_json(
            [
                {
                    "model": each.model,
                    "name": each.name,
                    "published": float(each.published),
                    "ours": each.ours,
                    "agrees": each.agrees,
                }
                for each in found
            ]
        )
    else:
        print(f"{'model':<13}{'':<44}{'published':>12}{'ours':>13}")
        for each in found:
            mark = "" if each.agrees else "  DIFFERS"
            print(f"{each.model:<13}{each.name:<44}{each.published:>12}{each.shown:>13}{mark}")
    return 0 if all(each.agrees for each in found) else 1
