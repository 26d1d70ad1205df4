"""The shops and other senders of orders and leads that can be connected: a module each, and its line here."""

from ..connections import register as register_kind
from .meta import Meta
from .plain import Orders
from .shop import Shop
from .shopify import Shopify
from .stripe import Stripe
from .woocommerce import WooCommerce

SHOPS: dict[str, Shop] = {
    each.kind.key: each for each in (WooCommerce(), Shopify(), Stripe(), Meta(), Orders())
}


def register() -> None:
    """Make them known to the command line and the page of connections. Called from the app's `ready()`."""
    for shop in SHOPS.values():
        register_kind(shop.kind)
