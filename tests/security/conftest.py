"""The same shop and browsers as the walks of the house have."""

from tests.house.conftest import AS, Shop, kept_shop, program, shop, signed_in

__all__ = ["AS", "Shop", "kept_shop", "program", "shop", "signed_in"]
