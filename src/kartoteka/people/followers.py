"""How this domain's own rows follow customers and identities."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kartoteka.kit import bulk
from kartoteka.trust import keeping
from kartoteka.trust.actor import STAGE_NAMES

from .catalogue import BUILT_IN
from .follow import Follower, Keys, follow
from .models import Claim, Contact, Customer, Identity, Photo, Placement, Relation, Reveal
from .revealing import REASONS
from .sealing import open_typed, open_values

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
    follow(
        "customer",
        Follower(
            Placement,
            "customer_id",
            "the later stage of the two holds, and is given back with a split (placing.join_places, part_places)",
            told=_placements,
            called={"stage": STAGE_NAMES},
        ),
    )
    follow(
        "customer",
        Follower(
            Placement,
            "taken_from_id",
            "remembers whose place was taken over, until they are separated",
            untold="told with the placement itself",
            forgotten=lambda keys: _none(
                bulk.set_to(Placement, "taken_from_id", None, by="taken_from_id", among=keys)
            ),
        ),
    )
    follow(
        "customer",
        Follower(
            Reveal,
            "customer_id",
            "stays with the card that was looked at; who looked is not undone by a merge",
            told=_reveals,
            called={
                "field": {each.key: each.label for each in BUILT_IN},
                "way": {"reveal": _("seen"), "call": _("called"), "write": _("written to")},
                "reason": REASONS,
            },
        ),
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


def _placements(customer: int) -> list[Mapping[str, Any]]:
    return list(Placement.objects.filter(customer=customer).values("stage", "at", "by_name", "why"))


def _reveals(customer: int) -> list[Mapping[str, Any]]:
    rows = list(Reveal.objects.filter(customer=customer).values("field", "way", "reason", "at", "by_name"))
    # Who calls or writes needs no other reason.
    return [{**each, "reason": "" if each["reason"] == each["way"] else each["reason"]} for each in rows]


def _claims(customer: int) -> list[Mapping[str, Any]]:
    claims = Claim.objects.filter(identity__customer=customer)
    told = list(claims.values("values", "typed", "at", "batch__source__name", "batch__ground"))
    open_values(each["values"] for each in told)
    typed = open_typed([each["typed"] for each in told])
    return [{**each, "typed": its} for each, its in zip(told, typed, strict=True)]


def _relations(customer: int) -> list[Mapping[str, Any]]:
    return list(Relation.objects.filter(one__customer=customer).values("kind", "role", "hours", "made_at"))


def _photos(customer: int) -> list[Mapping[str, Any]]:
    return list(Photo.objects.filter(identity__customer=customer).values("name", "made_at"))


def _forget_photos(keys: Keys) -> None:
    for (name,) in bulk.fetch(Photo, ("name",), by="identity_id", among=keys):
        keeping.throw_away(name, drawer=PHOTOS)
    bulk.delete(Photo, by="identity_id", among=keys)
