"""The base itself: `init`, `start`, `sample`, `serve`, `work`, `token`."""

import argparse
import sys
from typing import Any

from .printing import bar, counted, print_json


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
        key = (
            "the key in KARTOTEKA_KEY"
            if settings.KARTOTEKA.key
            else f"its key, {settings.KARTOTEKA.key_path},"
        )
        print(f"The base in {home} is ready. Keep a copy of {key} elsewhere.")
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
        f"The sample business is loaded: {counted(done.rows, 'row')} of {counted(done.files, 'file')} became "
        f"{counted(done.customers, 'customer')}."
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
