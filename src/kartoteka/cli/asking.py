"""Asking the gate: `may`."""

import argparse
import sys
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("may", help="say whether a customer may be reached, and why")
    parser.add_argument("card", metavar="CARD", help="the card number")
    parser.add_argument("purpose", metavar="PURPOSE", help="a purpose's key, such as marketing")
    parser.add_argument("channel", metavar="CHANNEL", help="email, sms, phone, post, messenger or ads")
    parser.add_argument("--contact", default="", help="one of their e-mails or phones, else the best")
    parser.add_argument("--now", action="store_true", help="say no as well when it is a quiet time for them")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=may)


def may(options: argparse.Namespace) -> int:
    """Print the gate's answer; 0 when they may be reached (with --now: at once), 1 when not."""
    from django.utils import timezone

    from kartoteka.consent.asdata import may_as_data
    from kartoteka.kit.ids import read_card
    from kartoteka.people.card import find_customer
    from kartoteka.trust.actor import SHELL

    customer = find_customer(actor=SHELL, card=read_card(options.card))
    if customer is None:
        print(f"kartoteka: nobody has the card {options.card}.", file=sys.stderr)
        return 1
    told = may_as_data(
        actor=SHELL,
        customer=customer,
        purpose=options.purpose,
        channel=options.channel,
        contact=options.contact,
    )
    if options.json:
        print_json(told)
    else:
        print(f"{'yes' if told['allowed'] else 'no'}: {told['why']}")
        if told["not_now"]:
            print(told["not_now"])
        if told["later"]:
            print(f"Next time: {timezone.localtime(told['later']):%Y-%m-%d %H:%M}")
    return 0 if told["now" if options.now else "allowed"] else 1
