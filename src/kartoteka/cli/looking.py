"""Looking things up: `search`, `show` and `figures`; what the reports are counted from."""

import argparse
import sys
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("search", help="find customers by any word, phone tail or card number")
    parser.add_argument(
        "words", nargs="+", metavar="WORD", help="of the name, the e-mail, the address; the end of a phone"
    )
    parser.add_argument("--limit", type=at_least_one, default=20)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=search)

    parser = commands.add_parser("show", help="show one customer's card")
    parser.add_argument("card", metavar="CARD", help="the card number")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=show)

    parser = commands.add_parser(
        "figures", help="how much is in the base: customers, orders, revenue, events"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=figures)

    parser = commands.add_parser(
        "rebuild-reports", help="write the files of the site's reports anew from the base, at once"
    )
    parser.set_defaults(run=rebuild_reports)

    parser = commands.add_parser(
        "rebuild-facts", help="count each customer's numbers anew: orders, sums, visits, last seen"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=rebuild_facts)


def at_least_one(text: str) -> int:
    """A number of customers to show. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is needed, not {text!r}")
    return int(text)


def rebuild_reports(_options: argparse.Namespace) -> int:
    """Write every day of the site anew, and say how many there are."""
    from kartoteka.activity.warehouse.days import rebuild

    print(f"days written: {rebuild()}")
    return 0


def rebuild_facts(options: argparse.Namespace) -> int:
    """Count the numbers of all visitors and customers from the events and orders, and say how many there are."""
    from kartoteka.activity import facts, visits

    visitors, customers = visits.rebuild(), facts.rebuild()
    if options.json:
        print_json({"visitors": visitors, "customers": customers})
    else:
        print(f"counted anew: {visitors} visitors, {customers} customers")
    return 0


def search(options: argparse.Namespace) -> int:
    """Print the best matches, the best first; 1 when there is none."""
    from kartoteka.people.asdata import found_as_data
    from kartoteka.trust.actor import SHELL

    found = found_as_data(" ".join(options.words), actor=SHELL, limit=options.limit)
    for hit in found:
        each = hit["customer"]
        if options.json:
            print_json({**each, "score": hit["score"], "matched": hit["matched"]})
        else:
            reach = "  ".join(part for part in (each["phone"], each["email"], each["city"]) if part)
            print(f"{each['card_shown']}  {each['name']}  {reach}")
    if not found and not options.json:
        print("Nobody found. Try fewer letters, or the last digits of the phone.", file=sys.stderr)
    return 0 if found else 1


def show(options: argparse.Namespace) -> int:
    """Print a card: every field with its value, source and date."""
    from kartoteka.kit.ids import read_card
    from kartoteka.people.asdata import card_as_data
    from kartoteka.people.card import card_of, find_customer
    from kartoteka.trust.actor import SHELL

    customer = find_customer(actor=SHELL, card=read_card(options.card))
    if customer is None:
        print(f"kartoteka: nobody has the card {options.card}.", file=sys.stderr)
        return 1
    data = card_as_data(card_of(actor=SHELL, customer=customer), actor=SHELL)
    if options.json:
        print_json(data)
        return 0
    print(f"{data['card_shown']}  {data['name']}")
    for field in data["fields"]:
        for value in field["values"]:
            origin = value["origin"]
            print(f"  {field['label']}: {value['text']}   ({origin['source']}, {origin['at']:%Y-%m-%d})")
    return 0


def figures(options: argparse.Namespace) -> int:
    """Print how much there is of everything."""
    from kartoteka.activity.figures import figures_of
    from kartoteka.trust.actor import SHELL

    found = figures_of(actor=SHELL)
    if options.json:
        print_json(found.as_data)
        return 0
    for name, value in found.as_data.items():
        if isinstance(value, dict):
            for currency, amount in value.items():
                print(f"{name.replace('_', ' ')}: {amount} {currency}")
        else:
            print(f"{name.replace('_', ' ')}: {value}")
    return 0
