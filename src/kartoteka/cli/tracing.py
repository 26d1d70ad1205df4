"""A file that turned up: `trace`."""

import argparse
from pathlib import Path
from typing import Any

from .printing import counted, print_json


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("trace", help="say who took a file of customers out, and when")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV or Excel; a part of it is enough")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=trace)


def trace(options: argparse.Namespace) -> int:
    """Print the exports the file comes from, the surest first; 1 when no mark is left in it."""
    from kartoteka.people.exporting.reading import rows_of
    from kartoteka.people.exporting.tracing import trace as trace_rows
    from kartoteka.trust.actor import SHELL

    found = trace_rows(rows=rows_of(options.file), by=SHELL)
    for each in found:
        export = each.export
        if options.json:
            print_json(
                {
                    "export": export.pk,
                    "by": export.by_name,
                    "at": export.asked_at,
                    "customers": export.customers,
                    "canaries": each.canaries,
                    "spacing": each.spacing,
                    "order": each.order,
                }
            )
        else:
            print(
                f"{export.by_name} took it out on {export.asked_at:%Y-%m-%d %H:%M} UTC: export {export.pk}."
            )
            print(
                f"  In it: {counted(each.canaries, 'invented customer')} of that file; spaces that fit:"
                f" {each.spacing[0]} of {each.spacing[1]}; rows in its order: {each.order[0]} of {each.order[1]}."
            )
    if not found and not options.json:
        print("No mark of an export is left in this file.")
    return 0 if found else 1
