"""The key of the installation: `key rotate`, `key lock`, `key unlock`; and of one customer: `key forget`."""

import argparse
import sys
from typing import Any

from .printing import bar, counted, print_json


def add_to(commands: Any) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("key", help="change the key, or lock its file with a passphrase")
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    rotate_parser = deeds.add_parser("rotate", help="a new key for everything, while people work")
    rotate_parser.add_argument("--json", action="store_true")
    rotate_parser.set_defaults(run=rotate)
    deeds.add_parser("lock", help="lock the key file with a passphrase, asked twice").set_defaults(run=lock)
    deeds.add_parser("unlock", help="take the passphrase off the key file").set_defaults(run=unlock)
    forget_parser = deeds.add_parser(
        "forget", help="destroy one customer's key: sensitive fields and photos open no more, in no copy"
    )
    forget_parser.add_argument("card", metavar="CARD", help="the card number")
    forget_parser.add_argument("--json", action="store_true")
    forget_parser.set_defaults(run=forget)


def rotate(options: argparse.Namespace) -> int:
    """Give everything a new key, or go on where a rotation was stopped."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.rotation import rotate as give_new_key

    done = give_new_key(by=SHELL, progress=bar("A new key"))
    if options.json:
        print_json({"key": done.name, "files": done.files, "resumed": done.resumed})
    else:
        print(f"The new key, {done.name}, is in use; brought under it: {counted(done.files, 'file')}.")
        print("Keep a new copy of the key file elsewhere: the one you have opens nothing made from now on.")
    return 0


def lock(_options: argparse.Namespace) -> int:
    """Ask for a passphrase and lock the key file with it."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.passphrases import asked_anew
    from kartoteka.trust.rotation import lock as lock_key

    lock_key(passphrase=asked_anew(), by=SHELL)
    print(
        "The key file is locked. Kartoteka asks for the passphrase when it starts; without it the data is lost."
    )
    return 0


def unlock(_options: argparse.Namespace) -> int:
    """Take the passphrase off."""
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.rotation import unlock as unlock_key

    unlock_key(by=SHELL)
    print("The key file holds the key itself now: whoever can read the file has it.")
    return 0


def forget(options: argparse.Namespace) -> int:
    """Destroy a customer's own key; the customer stays, without what was sealed."""
    from kartoteka.kit.ids import read_card
    from kartoteka.people.card import find_customer
    from kartoteka.people.forgetting import destroy_keys
    from kartoteka.trust.actor import SHELL

    customer = find_customer(actor=SHELL, card=read_card(options.card))
    if customer is None:
        print(f"kartoteka: nobody has the card {options.card}.", file=sys.stderr)
        return 1
    gone = destroy_keys(customer=customer, by=SHELL)
    if options.json:
        print_json({"card": customer.card, "keys": gone})
    else:
        print(
            f"{gone} keys of {customer.card_shown} were destroyed: what was sealed with them is gone for ever."
        )
    return 0
