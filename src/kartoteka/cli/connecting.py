"""Connecting sites and shops: `connect`."""

import argparse
from typing import Any

from .printing import print_json


def add_to(commands: Any) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("connect", help="connect a site or a shop, and tell what it needs from us")
    parser.add_argument("kind", metavar="KIND", help="tracking, or a kind of shop: woocommerce, shopify ...")
    parser.add_argument("--name", required=True, help="by what name you know it, such as shop.example.com")
    parser.add_argument(
        "--source", default="", help="the source its customers belong to; its name, if not said"
    )
    parser.add_argument(
        "--ground", default="", help="the ground in law for holding the data; the kind's usual one"
    )
    parser.add_argument("--secret", default="", help="the other side's secret, where it has one of its own")
    parser.add_argument(
        "--set", action="append", default=[], metavar="WHAT=VALUE", help="what else this kind asks for"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=connect)


def connect(options: argparse.Namespace) -> int:
    """Connect it, and print what the other side needs."""
    from kartoteka.intake import connections
    from kartoteka.trust.actor import SHELL

    more = {}
    for each in options.set:
        key, is_one, value = each.partition("=")
        if not is_one:
            raise connections.CannotConnect(f"--set takes WHAT=VALUE; this is “{each}”.")
        more[key] = value
    made = connections.connect(
        kind=options.kind,
        name=options.name,
        source=options.source,
        ground=options.ground,
        secret=options.secret,
        more=more,
        by=SHELL,
    )
    told = {"connection": made.pk, "kind": made.kind, "name": made.name, **connections.told(made, first=True)}
    if options.json:
        print_json(told)
    else:
        for key, value in told.items():
            print(f"{key}: {value}")
    return 0
