"""How this domain's own rows follow customers and identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.kit import bulk
from kartoteka.trust import keeping

from .follow import Follower, Keys, follow
from .models import Claim, Contact, Customer, Identity, Photo, Relation

PHOTOS = "photos"
_GOES_ALONG = "hangs on an identity and goes where it goes"


def register() -> None:
    """Answer for every model of this domain."""
    follow(
        "customer", Follower(Identity, "customer_id", "moves: this is what merging means", told=_identities)
    )
    follow(
        "customer",
        Follower(Contact, "customer_id", "computed again with the record on both sides", told=_contacts),
    )
    follow(
        "customer",
        Follower(
            Customer,
            "merged_into_id",
            "says into whom somebody was merged; emptied when they are split",
            untold="the same person under another card number",
            forgotten=lambda keys: _none(
                bulk.set_to(Customer, "merged_into_id", None, by="merged_into_id", among=keys)
            ),
        ),
    )
    follow(
        "point",
        Follower(Contact, "point_id", "of the record", untold="told by the customer who has it", holds=True),
    )
    follow("identity", Follower(Claim, "identity_id", _GOES_ALONG, told=_claims))
    follow(
        "identity",
        Follower(
            Identity,
            "beside_id",
            _GOES_ALONG,
            untold="how identities were put together is told with the identities",
            forgotten=lambda keys: _none(
                bulk.set_to(Identity, "beside_id", None, by="beside_id", among=keys)
            ),
        ),
    )
    follow("identity", Follower(Relation, "one_id", _GOES_ALONG, told=_relations))
    follow("identity", Follower(Relation, "other_id", _GOES_ALONG, untold="told to the one it was said of"))
    follow("identity", Follower(Photo, "identity_id", _GOES_ALONG, told=_photos, forgotten=_forget_photos))


def _none(_count: int) -> None:
    return None


def _identities(customer: int) -> list[Mapping[str, Any]]:
    return list(Identity.objects.filter(customer=customer).values("source__name", "key", "made_at"))


def _contacts(customer: int) -> list[Mapping[str, Any]]:
    return list(
        Contact.objects.filter(customer=customer).values("point__kind", "point__value", "label", "hours")
    )


def _claims(customer: int) -> list[Mapping[str, Any]]:
    claims = Claim.objects.filter(identity__customer=customer)
    return list(claims.values("values", "typed", "at", "batch__source__name", "batch__ground"))


def _relations(customer: int) -> list[Mapping[str, Any]]:
    return list(Relation.objects.filter(one__customer=customer).values("kind", "role", "hours", "made_at"))


def _photos(customer: int) -> list[Mapping[str, Any]]:
    return list(Photo.objects.filter(identity__customer=customer).values("name", "made_at"))


def _forget_photos(keys: Keys) -> None:
    for (name,) in bulk.fetch(Photo, ("name",), by="identity_id", among=keys):
        keeping.throw_away(name, drawer=PHOTOS)
    bulk.delete(Photo, by="identity_id", among=keys)
