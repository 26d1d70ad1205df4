"""What several shops write alike, put as we say it: addresses as cells of a row, amounts of lines as price and discount."""

from decimal import Decimal

from .reading import cells

# As money is kept (kit.fixed).
_PRECISE = Decimal("0.0001")


def address_of(
    label: str,
    *,
    street: str,
    city: str,
    postcode: str,
    second: str = "",
    region: str = "",
    country: str = "",
) -> tuple[tuple[str, str], ...]:
    """An address as cells of a row; none where only the country is known, which is no address."""
    if not (street or city or postcode):
        return ()
    end = f":{label}" if label else ""
    parts = {"street": street, "street2": second, "postcode": postcode, "city": city, "region": region}
    return cells(*((f"address.{part}{end}", text) for part, text in (parts | {"country": country}).items()))


def unit_price(before: Decimal, quantity: Decimal, after: Decimal) -> tuple[Decimal, Decimal]:
    """The price of one piece, and the discount on all of them, so that price × quantity − discount is exactly `after`.

    before, after: what all pieces cost before and after the discount. A third of ten is no number of money: what rounding
    the price leaves over goes into the discount.
    """
    if not quantity:
        return after, Decimal(0) - after
    price = (before / quantity).quantize(_PRECISE)
    return price, price * quantity - after
