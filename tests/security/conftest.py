"""The same shop and browsers as the walks of the house have."""

from tests.house.conftest import AS, Shop, program, shop, signed_in

__all__ = ["AS", "Shop", "program", "shop", "signed_in"]
