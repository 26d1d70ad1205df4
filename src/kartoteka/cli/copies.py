"""Copies and checks: `check`, `backup`, `restore`, `copies`, `move`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from .printing import bar, counted, print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("check", help="say what is unsafe or unwell here")
    parser.add_argument(
        "what", nargs="?", choices=["audit"], help="audit: follow the audit's chain, entry by entry"
    )
    parser.add_argument(
        "--head", metavar="LINK:HASH", help="with audit: an end of the chain from a log or a backup"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=check)

    parser = commands.add_parser("backup", help="write an encrypted copy of the base, verified")
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="TO", help="a folder, else where copies are kept"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=backup)

    parser = commands.add_parser("restore", help="bring a copy back into an empty home")
    parser.add_argument(
        "file", metavar="FROM", help="the copy: a file, or a name that `kartoteka copies` tells"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=restore)

    parser = commands.add_parser(
        "move", help="move the base between SQLite and PostgreSQL, counted and compared"
    )
    parser.add_argument("to", metavar="TO", help="postgres://... or sqlite")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=move)

    parser = commands.add_parser("copies", help="list the copies where this installation keeps them")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=copies)


def check(options: argparse.Namespace) -> int:
    """Print every finding; 1 when there is one that must be mended."""
    if options.what == "audit":
        return check_audit(options)
    from kartoteka.trust.check import findings

    found = findings()
    for each in found:
        if options.json:
            print_json({"level": each.level, "what": str(each.what), "do": str(each.do)})
        else:
            print(f"{each.level}: {each.what} {each.do}")
    if not found and not options.json:
        print("All is well.")
    return 1 if any(each.level == "error" for each in found) else 0


def check_audit(options: argparse.Namespace) -> int:
    """Follow the audit's chain; 1 where something was tampered with."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.chain import head_of
    from kartoteka.trust.verifying import verify

    found = verify(actor=SHELL, known=head_of(options.head) if options.head else None)
    if options.json:
        print_json(found.as_data())
        return 0 if found.whole else 1
    for each in found.faults:
        print(f"{each.kind}: {each.what}")
    print(
        f"{counted(found.entries, 'entry', 'entries')}, {found.linked:,} of them in the chain,"
        f" {found.waiting:,} not yet linked."
    )
    print(f"The chain ends with {found.head}")
    print(
        "The audit is whole."
        if found.whole
        else "The audit was tampered with. The first thing found stands first."
    )
    return 0 if found.whole else 1


def backup(options: argparse.Namespace) -> int:
    """Write a copy."""
    from django.conf import settings

    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.backups import backup as write_copy
    from kartoteka.trust.stores import Folder, store_in_use

    # Without a folder a copy goes where those go that are made by themselves.
    store = None if options.folder else store_in_use()
    away = None if store is None or isinstance(store, Folder) else store
    folder = settings.KARTOTEKA.home / "tmp" if away else options.folder or settings.KARTOTEKA.backup_folder
    copy = write_copy(to=folder.absolute(), by=SHELL, store=away)
    if options.json:
        print_json(copy.as_data())
    else:
        where = f"{copy.path.name} ({away.place})" if away else copy.path
        print(f"{where}: {_held(copy)}, {copy.size / 1e6:,.1f} MB.")
        print("It was read back and is whole. Only your key opens it: keep a copy of the key elsewhere.")
    return 0


def _held(copy: Any) -> str:
    return f"{counted(copy.row_count, 'row')}, {counted(copy.files, 'file')}"


def restore(options: argparse.Namespace) -> int:
    """Bring a copy back."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.backups import restore_named as bring_back
    from kartoteka.trust.outliving import NAME, beside_the_base

    copy = bring_back(source=options.file, by=SHELL)
    if options.json:
        print_json(copy.as_data())
    else:
        print(f"Brought back: {_held(copy)}.")
    if not beside_the_base().is_file():
        print(
            f"No {NAME} lay beside the copy. If anybody was forgotten since it was made, they are back: put that file, "
            "from where the copies are kept, beside the copy, and restore into an empty home again.",
            file=sys.stderr,
        )
    return 0


def move(options: argparse.Namespace) -> int:
    """Move the base to the other kind of database."""
    from kartoteka.trust.moving import move_base

    draw = bar("Moving the base")
    moved = move_base(to=options.to, progress=draw)
    if options.json:
        print_json({"to": options.to, "tables": moved})
    else:
        for table, rows in moved.items():
            if rows:
                print(f"  {table}: {rows:,}")
        print("Every row was counted and compared on both sides.")
        where = (
            "without KARTOTEKA_DATABASE_URL"
            if options.to == "sqlite"
            else "with KARTOTEKA_DATABASE_URL set to it"
        )
        print(f"The old base is as it was. Start Kartoteka {where} to use the new one.")
    return 0


def copies(options: argparse.Namespace) -> int:
    """List what is in the store; it needs no base, so that it helps where the base is gone."""
    from kartoteka.trust.stores import store_in_use

    store = store_in_use()
    names = store.names()
    if not names and not options.json:
        print(f"There is no copy in {store.place} yet. Make one with: kartoteka backup")
    for name in names:
        if options.json:
            print_json({"name": name, "place": store.place})
        else:
            print(f"{name}  ({store.place})")
    return 0
