"""Opt-out registers: `register`."""

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any

from .printing import counted, print_json


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("register", help="lists of people who want no advertising, such as TPS")
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    each = deeds.add_parser("list", help="the registers that are kept, and how old each is")
    each.add_argument("--json", action="store_true")
    each.set_defaults(run=registers_kept)
    each = deeds.add_parser("read", help="read the newest file of a register; only hashes of it are kept")
    each.add_argument(
        "register",
        metavar="REGISTER",
        help="its key: tps, ctps, robinson-pl, puhelinkielto, dmasa, or your own",
    )
    each.add_argument("file", metavar="FILE", type=Path, help="text or CSV, one phone or e-mail a line")
    each.add_argument(
        "--as-of", metavar="DAY", type=dt.date.fromisoformat, help="the day of the file, today unless said"
    )
    each.set_defaults(run=read_register)


def registers_kept(options: argparse.Namespace) -> int:
    """Print the registers; 1 where one is too old."""
    from kartoteka.consent.registers import kept_registers
    from kartoteka.trust.actor import SHELL

    kept = kept_registers(actor=SHELL)
    if options.json:
        print_json(
            [
                {
                    "key": each.register.key,
                    "name": each.register.name,
                    "channels": each.register.channels,
                    "as_of": each.file.as_of if each.file else None,
                    "entries": each.file.count if each.file else 0,
                    "ours": each.ours,
                    "late": each.late,
                }
                for each in kept
            ]
        )
    else:
        for each in kept:
            day = f"of {each.file.as_of}, {each.file.count:,} entries" if each.file else "never read"
            late = "  TOO OLD" if each.late and each.file else ""
            print(f"{each.register.key:<16} {each.register.name}: {day}, {each.ours:,} of ours{late}")
    return 1 if any(each.late for each in kept) else 0


def read_register(options: argparse.Namespace) -> int:
    """Read a register's file; one of the well-known registers is added by itself."""
    from django.utils import timezone

    from kartoteka.consent.register_reading import read_file
    from kartoteka.consent.registers import register_or_preset
    from kartoteka.trust.actor import SHELL

    found = register_or_preset(key=options.register, by=SHELL)
    with options.file.open("rb") as stream:
        as_of = options.as_of or timezone.localdate()
        read = read_file(register=found, stream=stream, as_of=as_of, by=SHELL)
    print(
        f"{found.name}: {counted(read.count, 'entry', 'entries')} of {read.as_of},"
        f" {counted(read.unread, 'line')} could not be read."
    )
    print("Delete the file now; only hashes of it are kept.", file=sys.stderr)
    return 0
