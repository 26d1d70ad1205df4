"""The base itself: `init`, `start`, `sample`, `serve`, `work`, `check`, `backup`, `restore`, `move`, `token`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from .printing import bar, print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("init", help="make an empty base, or bring one up to date; asks nothing")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=init)

    parser = commands.add_parser("start", help="make the base if it is new, load the sample, serve")
    parser.add_argument("--empty", action="store_true", help="without the sample business")
    parser.add_argument("--port", type=int, help="instead of the one in KARTOTEKA_LISTEN (8000)")
    parser.set_defaults(run=start)

    parser = commands.add_parser("sample", help="load the sample business through the real import")
    parser.add_argument("--customers", type=int, default=1200)
    parser.set_defaults(run=sample)

    parser = commands.add_parser("serve", help="serve the pages and the API, with a worker beside them")
    parser.add_argument("--port", type=int, help="instead of the one in KARTOTEKA_LISTEN (8000)")
    parser.add_argument("--host", help="instead of the one in KARTOTEKA_LISTEN (127.0.0.1)")
    parser.set_defaults(run=serve)

    parser = commands.add_parser("work", help="do the long work: imports, matching")
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    parser.set_defaults(run=work)

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
    parser.add_argument("folder", type=Path, nargs="?", metavar="TO", help="a folder, else KARTOTEKA_BACKUPS")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=backup)

    parser = commands.add_parser("restore", help="bring a copy back into an empty home")
    parser.add_argument("file", type=Path, metavar="FROM", help="the copy")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=restore)

    parser = commands.add_parser(
        "move", help="move the base between SQLite and PostgreSQL, counted and compared"
    )
    parser.add_argument("to", metavar="TO", help="postgres://... or sqlite")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=move)

    parser = commands.add_parser("token", help="make a token for programs that call the API")
    parser.add_argument("name")
    parser.add_argument(
        "--rights", default="see", help="rights, with commas: see,change,import,merge,export ..."
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=token)


def init(options: argparse.Namespace) -> int:
    """Make the home, its key and the base, or bring the base's tables up to date."""
    from django.conf import settings

    _bring_up_to_date()
    home = settings.KARTOTEKA.home
    if options.json:
        print_json(
            {"home": str(home), "database": settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]}
        )
    else:
        print(
            f"The base in {home} is ready. Keep a copy of its key, {settings.KARTOTEKA.key_path}, elsewhere."
        )
    return 0


def _bring_up_to_date() -> None:
    """Make the tables this version needs. To see that nothing is missing takes a moment, to migrate seconds."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        _begin_with_purposes()


def _begin_with_purposes() -> None:
    """A base without any purpose begins with the usual ones."""
    from kartoteka.consent.purposes import all_purposes, make_presets
    from kartoteka.trust.actor import SHELL

    if not all_purposes(ended=True):
        make_presets(by=SHELL)


def start(options: argparse.Namespace) -> int:
    """The one command of a first day: base, sample, owner, server."""
    from kartoteka.people.queries import is_empty

    _bring_up_to_date()
    if not options.empty and is_empty():
        options.customers = 1200
        sample(options)
    options.host = None
    return serve(options)


def sample(options: argparse.Namespace) -> int:
    """Write the sample business's files and bring them in as anybody's files are."""
    from kartoteka.intake.sample.loading import load_sample
    from kartoteka.trust.actor import SHELL

    draw = bar("The sample business")
    done = load_sample(customers=options.customers, by=SHELL, progress=draw)
    draw(1.0, "")
    print(
        f"The sample business is loaded: {done.rows} rows of {done.files} files became {done.customers} customers."
    )
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    from .serve import serve as serve_forever

    return serve_forever(host=options.host, port=options.port)


def work(options: argparse.Namespace) -> int:
    """Do what is due, once or for ever."""
    import signal
    import threading

    from kartoteka.kit import jobs

    if options.once:
        print(f"{jobs.run_all_due()} done.")
        return 0
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    jobs.work_forever(stop=stop)
    return 0


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
        f"{found.entries:,} entries, {found.linked:,} of them in the chain, {found.waiting:,} not yet linked."
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

    copy = write_copy(to=(options.folder or settings.KARTOTEKA.backup_folder).absolute(), by=SHELL)
    if options.json:
        print_json(copy.as_data())
    else:
        print(f"{copy.path}: {copy.row_count:,} rows, {copy.files:,} files, {copy.size / 1e6:,.1f} MB.")
        print("It was read back and is whole. Only your key opens it: keep a copy of the key elsewhere.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Bring a copy back."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.backups import restore as bring_back

    copy = bring_back(source=options.file.absolute(), by=SHELL)
    if options.json:
        print_json(copy.as_data())
    else:
        print(f"Brought back: {copy.row_count:,} rows and {copy.files:,} files.")
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
            print(f"  {table}: {rows:,}")
        print("Every row was counted and compared on both sides.")
        where = (
            "without KARTOTEKA_DATABASE_URL"
            if options.to == "sqlite"
            else "with KARTOTEKA_DATABASE_URL set to it"
        )
        print(f"The old base is as it was. Start Kartoteka {where} to use the new one.")
    return 0


def token(options: argparse.Namespace) -> int:
    """Make a token; it is shown once."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.tokens import make_token

    secret = make_token(name=options.name, rights=options.rights.split(","), by=SHELL)
    if options.json:
        print_json({"name": options.name, "token": secret})
    else:
        print(secret)
        print("Keep it well: it is shown this once.", file=sys.stderr)
    return 0
