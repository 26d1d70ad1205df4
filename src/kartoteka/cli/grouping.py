"""Groups: `segments`."""

import argparse
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("segments", help="list the groups with their sizes and rules")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=segments)


def segments(options: argparse.Namespace) -> int:
    """Print each group: number, name, size, state and the rule in words."""
    from kartoteka.segments.looking import list_groups
    from kartoteka.trust.actor import SHELL

    for each in list_groups(actor=SHELL):
        segment = each.segment
        if options.json:
            print_json({"id": segment.pk, "name": segment.name, "state": segment.state, "size": each.size.count,
                        "sentence": each.sentence, "rule": segment.rule})  # fmt: skip
        else:
            print(
                f"{segment.pk:>5}  {each.size.count:>9}  {segment.name}  ({segment.state})  {each.sentence}"
            )
    return 0
