"""`kartoteka`: reads the command, sets Django up where it is needed, and calls one command function."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext

Command = Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kartoteka", description="A business's own customer database.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    from . import (
        asking,
        base,
        connecting,
        copies,
        files,
        grouping,
        keys,
        looking,
        privacy,
        registering,
        selftesting,
        standardising,
        tracing,
    )

    for module in (
        base,
        copies,
        keys,
        files,
        connecting,
        looking,
        grouping,
        asking,
        privacy,
        registering,
        standardising,
        tracing,
        selftesting,
    ):
        module.add_to(commands)
    return parser


def _set_up() -> None:
    """Load Django and all our apps. What is loaded stays, so nobody looks for what could go: a tenth of the start."""
    import django

    gc.disable()
    try:
        django.setup()
        gc.freeze()
    finally:
        gc.enable()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused (the reason on standard error), 2 for a wrong call."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["django"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["kartoteka django", *given[1:]])
        return 0
    parsed = _parser().parse_args(given)
    command: Command = parsed.run
    try:
        with parsed.beside(parsed) if "beside" in parsed else nullcontext():
            if not getattr(parsed, "pure", False):
                _set_up()
            return command(parsed)
    except BrokenPipeError:
        # Whoever read our output has had enough; say nothing more to a closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("kartoteka: stopped.", file=sys.stderr)
        return 130
    except Exception as problem:
        from kartoteka.trust.making import lacks_tables

        from .refusals import is_refusal, told

        if lacks_tables(problem):
            print(
                "kartoteka: There is no base here yet, or it is of an earlier version. Type: kartoteka init",
                file=sys.stderr,
            )
            return 1
        if not is_refusal(problem):
            raise
        print(f"kartoteka: {told(problem)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
