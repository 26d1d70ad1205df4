"""Files in and out: `import`, `undo`, `match`, `export`."""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from .printing import bar, counted, print_json
from .refusals import told


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    grounds = "consent, contract, legal_duty, vital, public_task or legitimate_interest"
    parser = commands.add_parser("import", help="bring files in")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, Excel, ODS or vCard")
    parser.add_argument(
        "--source", required=True, help="where the files come from, such as shop or newsletter"
    )
    parser.add_argument("--ground", required=True, help=f"the ground in law for holding the data: {grounds}")
    parser.add_argument(
        "--country", default="", help="where numbers without a country code are from, such as PL"
    )
    parser.add_argument(
        "--as",
        dest="brings",
        choices=["customers", "orders"],
        default="customers",
        help="what the files hold: customers, or orders with whoever placed them",
    )
    parser.add_argument(
        "--currency",
        default="",
        help="of orders whose amounts do not name theirs, such as EUR; else the country's",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="what a column means, where we guess wrong",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would happen, write nothing")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=import_files, beside=_readers)

    parser = commands.add_parser("rates", help="what currencies are worth in the business's own, day by day")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.csv", help="lines of currency,day,rate")
    parser.add_argument(
        "--set", nargs=3, metavar=("CURRENCY", "DAY", "RATE"), help="such as USD 2026-05-31 0.92"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=rates)

    parser = commands.add_parser("undo", help="undo an import")
    parser.add_argument("file_import", type=int, metavar="IMPORT", help="its number, as import told it")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=undo)

    parser = commands.add_parser("match", help="find who is there twice: join the sure, note the doubtful")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=match)

    parser = commands.add_parser("export", help="take data out")
    parser.add_argument("what", choices=["identities"], help="which row of which file became whom")
    parser.add_argument("file", type=Path, metavar="OUT.csv", help="where to write it")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=export)


def _readers(options: argparse.Namespace) -> AbstractContextManager[object]:
    """The processes that understand rows, for all the files: they start while everything else is loaded."""
    from kartoteka.intake.pool import crew

    of_customers = options.files if options.brings == "customers" else []
    return crew(size=sum(path.stat().st_size for path in of_customers if path.is_file()))


def import_files(options: argparse.Namespace) -> int:
    """Import each file to its end; 1 when one could not be, after the others were tried."""
    from django.utils import timezone

    from kartoteka.intake.models import Import
    from kartoteka.intake.receiving import CannotImport
    from kartoteka.intake.whole import import_stream, outcome_of
    from kartoteka.trust.actor import SHELL

    columns = {}
    for each in options.map:
        field, is_one, column = each.partition("=")
        if not is_one:
            raise CannotImport(f"--map takes FIELD=COLUMN, such as phone:mobile=Telefon; this is “{each}”.")
        columns[column] = field
    failed = False
    for path in options.files:
        draw, begun = bar(path.name), timezone.now()

        def progress(under_way: Import, draw: Any = draw, began: float = time.monotonic()) -> None:
            pace = under_way.rows_done / max(0.001, time.monotonic() - began)
            draw(under_way.rows_done / max(1, under_way.rows), f"{pace:,.0f} rows/s")

        try:
            with path.open("rb") as stream:
                done = import_stream(
                    stream=stream,
                    name=path.name,
                    source=options.source,
                    ground=options.ground,
                    by=SHELL,
                    country=options.country,
                    brings=options.brings,
                    currency=options.currency,
                    columns=columns,
                    dry_run=options.dry_run,
                    progress=progress,
                )
        except (CannotImport, OSError) as problem:
            failed = True
            reason = told(problem)
            if options.json:
                print_json({"file": path.name, "state": "refused", "problem": reason})
            else:
                print(reason if path.name in reason else f"{path.name}: {reason}", file=sys.stderr)
            continue
        again = done.ended_at is not None and done.ended_at < begun
        if options.json:
            print_json({**outcome_of(done), "again": again})
        else:
            _tell(done, again=again)
    return 1 if failed else 0


def _tell(done: Any, *, again: bool) -> None:
    from kartoteka.intake.queries import list_problems, money_of
    from kartoteka.intake.wording import reason
    from kartoteka.trust.actor import SHELL

    dry = done.state == done.State.CHECKED
    would = "would be " if dry else ""
    if done.brings == done.Brings.ORDERS:
        numbers = (
            f"{counted(done.new, 'order')} {would}new, {done.joined} changed, {done.known} already known, "
            f"{counted(done.refused, 'row')} refused. Amounts that do not name their currency are {done.currency}."
        )
    else:
        numbers = f"{done.new} {would}new, {done.joined} {would}joined, {done.known} already known, {done.refused} refused."
    print(
        f"{done.name}: {counted(done.rows_done, 'row')}. {numbers}"
        + ("" if dry else f" Undo it with: kartoteka undo {done.pk}")
    )
    counted_in, unrated = money_of(done)
    if counted_in:
        print(f"  These were the first orders here, so Kartoteka counts in {counted_in} from now on.")
    for code in unrated:
        print(
            f"  Nobody has said yet what {code} is worth, so orders in it are left out of worth and figures. "
            f"Say it with: kartoteka rates --set {code} DAY RATE"
        )
    if again:
        print(
            f"  That was on {done.ended_at:%Y-%m-%d}: this very file is in the base, and nothing was written now."
        )
    for sheet in done.left_out:
        print(f"  The sheet “{sheet}” was left out: nothing in it says who somebody is.")
    for each in list_problems(actor=SHELL, file_import=done, size=20).rows:
        problems = " ".join(reason(problem) for problem in each.problems)
        print(f"  row {each.row}{' (refused)' if each.refused else ''}: {problems}")
    more = done.refused + done.flawed - 20
    if more > 0:
        print(f"  and {counted(more, 'more row')}; see them all with --json")


def rates(options: argparse.Namespace) -> int:
    """Set rates, from a file or one by one, then list them all."""
    from kartoteka.activity.rates import list_rates, set_rates
    from kartoteka.trust.actor import SHELL

    listed: list[Sequence[str]] = [options.set] if options.set else []
    if options.file:
        with options.file.open(newline="", encoding="utf-8-sig") as lines:
            listed += [row for row in csv.reader(lines) if row and row[0].strip().lower() != "currency"]
    set_rates(told=listed, by=SHELL)
    for each in list_rates(actor=SHELL):
        if options.json:
            print_json({"currency": each.currency, "day": each.day, "rate": str(each.rate.normalize())})
        else:
            print(f"{each.currency}  {each.day}  {each.rate.normalize():f}")
    return 0


def undo(options: argparse.Namespace) -> int:
    """Undo an import whole."""
    from kartoteka.intake.queries import import_of
    from kartoteka.intake.undoing import undo_now
    from kartoteka.trust.actor import SHELL

    found = import_of(actor=SHELL, key=options.file_import)
    done = undo_now(file_import=found, by=SHELL)
    if options.json:
        print_json(
            {
                "import": found.pk,
                "state": found.state,
                "claims": done.claims,
                "customers": done.customers,
                "orders": done.orders,
            }
        )
    else:
        orders = f", {counted(done.orders, 'order')}" if done.orders else ""
        customers = counted(done.customers, "customer")
        print(f"{found.name} is undone; taken out: {counted(done.claims, 'row')}{orders}, {customers}.")
    return 0


def match(options: argparse.Namespace) -> int:
    """Run the matching to its end."""
    from kartoteka.quality.matching import match_now
    from kartoteka.trust.actor import SHELL

    run = match_now(by=SHELL)
    if options.json:
        print_json(
            {"customers": run.customers, "joined": run.joined, "doubts": run.doubts, "state": run.state}
        )
    else:
        pairs = counted(run.doubts, "pair")
        print(f"{counted(run.customers, 'customer')}: {run.joined} joined, {pairs} to look at.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write which row of which file became whom."""
    from kartoteka.people.identities import export_identities
    from kartoteka.trust.actor import SHELL

    count = 0
    with options.file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("source", "batch", "file", "row", "key", "customer"))
        for row in export_identities(by=SHELL):
            writer.writerow(row)
            count += 1
    if options.json:
        print_json({"file": str(options.file), "rows": count})
    else:
        print(f"{counted(count, 'row')} written to {options.file}.")
    return 0
