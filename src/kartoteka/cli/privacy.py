"""What the law asks of a base: `retention`, `partner`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from .printing import counted, print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("retention", help="show what has expired by each rule; remove it")
    parser.add_argument(
        "--run", dest="remove", action="store_true", help="remove what expired by the rules that are on"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=retention)

    parser = commands.add_parser("partner", help="find by hashes which customers a partner has too")
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    each = deeds.add_parser("list", help="the exchanges there were")
    each.add_argument("--json", action="store_true")
    each.set_defaults(run=exchanges)
    each = deeds.add_parser("begin", help="begin an exchange and print its salt")
    each.add_argument("purpose", metavar="PURPOSE", help="a purpose's key, one that names the partner")
    each.add_argument("channel", metavar="CHANNEL", help="email, sms or phone")
    each.add_argument("--why", default="")
    each.add_argument("--json", action="store_true")
    each.set_defaults(run=begin)
    each = deeds.add_parser("compare", help="compare the partner's file of hashes, once")
    each.add_argument("exchange", metavar="NUMBER", type=int, help="the exchange's number")
    each.add_argument("file", metavar="FILE", type=Path, help="one hash a line")
    each.add_argument("--json", action="store_true")
    each.set_defaults(run=compare)
    each = deeds.add_parser(
        "hashes", help="print our hashes by a partner's salt: of those who agreed to them"
    )
    each.add_argument("purpose", metavar="PURPOSE", help="a purpose's key, one that names the partner")
    each.add_argument("channel", metavar="CHANNEL", help="email, sms or phone")
    each.add_argument("salt", metavar="SALT", help="64 hexadecimal digits, as the partner gave them")
    each.set_defaults(run=hashes)


def retention(options: argparse.Namespace) -> int:
    """Print each rule with what it would take now; with --run, remove it first, and print what went."""
    from kartoteka.consent import retention as rules
    from kartoteka.consent.removing import run_now
    from kartoteka.trust.actor import SHELL

    runs = run_now(by=SHELL) if options.remove else []
    told = rules.as_data(actor=SHELL)
    if options.json:
        went = [{"rule": each.rule_id, "cards": each.cards, "claims": each.claims} for each in runs]
        print_json({"rules": told, "went": went})
        return 0
    for run in runs:
        print(f"rule {run.rule_id}: {counted(run.cards, 'card')} and {counted(run.claims, 'claim')} removed.")
    for each in told:
        go = each["would_go"]
        of = " ".join(part for part in (each["ground"], each["source"], each["country"]) if part)
        print(
            f"{each['id']:>4}  {'on ' if each['on'] else 'off'}  {each['what']:<24} {of or 'any':<22} "
            f"{each['months']:>3} months: {go['cards']:,} cards, {go['parted']:,} in part, {go['held']:,} held"
        )
    if not told:
        print("There is no rule yet. Make the usual ones on the page Retention.", file=sys.stderr)
    return 0


def exchanges(options: argparse.Namespace) -> int:
    """Print the exchanges, the newest first."""
    from kartoteka.consent import exchanging
    from kartoteka.trust.actor import SHELL

    for each in exchanging.exchanges(actor=SHELL):
        _print(exchanging.as_data(each), json=options.json)
    return 0


def begin(options: argparse.Namespace) -> int:
    """Begin an exchange; its number and salt."""
    from kartoteka.consent import exchanging
    from kartoteka.consent.purposes import purpose_named
    from kartoteka.trust.actor import SHELL

    made = exchanging.begin(
        purpose=purpose_named(options.purpose), channel=options.channel, why=options.why, by=SHELL
    )
    told = exchanging.as_data(made)
    _print(told, json=options.json)
    if not options.json:
        print(told["salt"])
        print("Give this salt to the partner, by a safe way, and to nobody else.", file=sys.stderr)
    return 0


def compare(options: argparse.Namespace) -> int:
    """Compare a partner's file; 1 where there is no such exchange."""
    from kartoteka.consent import exchanging
    from kartoteka.trust.actor import SHELL

    found = exchanging.exchange_of(actor=SHELL, key=options.exchange)
    if found is None:
        print(f"kartoteka: there is no exchange {options.exchange}.", file=sys.stderr)
        return 1
    with options.file.open("rb") as stream:
        told = exchanging.as_data(exchanging.compare(exchange=found, stream=stream, by=SHELL))
    _print(told, json=options.json)
    if not options.json:
        print("Delete the partner's file now; it is not needed any more.", file=sys.stderr)
    return 0


def hashes(options: argparse.Namespace) -> int:
    """Print hashes of those who agreed to the partner, one a line."""
    from kartoteka.consent import exchanging
    from kartoteka.consent.purposes import purpose_named
    from kartoteka.trust.actor import SHELL

    for each in exchanging.hashes_for_partner(
        purpose=purpose_named(options.purpose), channel=options.channel, salt=options.salt, by=SHELL
    ):
        print(each)
    return 0


def _print(told: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(told)
        return
    print(
        f"{told['id']:>4}  {told['partner']}, {told['channel']}: theirs {told['theirs']:,}, ours {told['ours']:,}, "
        f"in both {told['met']:,}, agreed {told['agreed']:,}"
    )
