"""What every shop must do: prove itself over the raw bytes, be kept before it is answered, change things once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.activity.order_models import Order
from kartoteka.intake.models import Connection, Delivery
from kartoteka.intake.shops import SHOPS
from kartoteka.intake.shops.doing import do_due, replay
from kartoteka.intake.shops.shop import NotUnderstood, Shop
from kartoteka.people.models import Claim, Customer
from kartoteka.trust.actor import SHELL
from tests import make

from .conftest import connected, post
from .payloads import SECRET, USUAL, body, signed

pytestmark = pytest.mark.django_db
NESTED = b'{"a":' * 170_000 + b"1" + b"}" * 170_000
SCRIPT = "<script>alert(1)</script>\x00'\"; DROP TABLE--"


def scripted(value: Any) -> Any:
    """The payload with script in every text that is no state, currency, moment or number."""
    if isinstance(value, dict):
        return {key: scripted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [scripted(each) for each in value]
    return SCRIPT if isinstance(value, str) else value


def heard(kind: Shop, topic: str, payload: Any, made: Connection) -> str:
    """What the shop's message says, or what it is refused with; any other exception is a fault."""
    try:
        return repr(kind.read(topic=topic, body=body(payload), received_at=made.made_at))
    except NotUnderstood as problem:
        return str(problem)


def usual(shop: Connection) -> tuple[bytes, dict[str, str]]:
    topic, payload = USUAL[shop.kind]
    raw = body(payload)
    return raw, signed(shop.kind, raw, topic=topic)


def test_it_is_kept_and_answered_and_kept_once(shop: Connection) -> None:
    raw, headers = usual(shop)
    assert [post(shop, raw, headers) for _again in range(3)] == [200, 200, 200]
    kept = Delivery.objects.get(connection=shop)
    assert kept.state == "waiting", "nothing of it is done before it is answered"
    assert kept.topic == USUAL[shop.kind][0]


def test_a_signature_that_does_not_fit_is_refused_and_shown(shop: Connection) -> None:
    raw, good = usual(shop)
    _raw, other = raw, signed(shop.kind, raw, topic=USUAL[shop.kind][0], secret="another")
    for content, headers in ((raw, other), (raw + b" ", good), (raw, {}), (raw, dict.fromkeys(good, "é"))):
        assert post(shop, content, headers) == 401
    refused = Delivery.objects.filter(connection=shop)
    assert [each.state for each in refused] == ["refused"] * 4
    assert all(each.problem and not each.body for each in refused)
    assert not do_due()
    assert post(shop, raw, good) == 200, "what was refused does not stand in the way of the real one"


def test_an_address_that_was_ended_or_never_was_is_nowhere(shop: Connection) -> None:
    raw, headers = usual(shop)
    answer = Client().post(
        f"/hooks/{shop.kind}/nobody", raw, content_type="application/json", headers=headers
    )
    assert answer.status_code == 404
    Connection.objects.update(ended_at=shop.made_at)
    assert post(shop, raw, headers) == 404
    assert not Delivery.objects.exists()


def test_what_cannot_be_understood_is_kept_and_says_why(shop: Connection) -> None:
    topic = USUAL[shop.kind][0]
    for place, raw in enumerate((b"", b"[]", b"{", b"\xff\xfe", b"null", NESTED, b'{"id": {"id": []}}')):
        assert post(shop, raw, signed(shop.kind, raw, topic=topic, key=f"bad-{place}")) == 200
    while do_due():
        pass
    assert not Delivery.objects.filter(state="waiting").exists()
    assert all(each.problem for each in Delivery.objects.all())
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_script_in_every_field_is_text(shop: Connection) -> None:
    """Whether it is taken or refused as no number: nothing falls over, and nothing of it is more than text."""
    topic, payload = USUAL[shop.kind]
    kind = SHOPS[shop.kind]
    said = heard(kind, topic, scripted(payload), shop)
    assert said
    assert "\x00" not in said


@pytest.mark.parametrize("missing", ["every", "each"])
def test_fields_that_are_missing(shop: Connection, missing: str) -> None:
    topic, payload = USUAL[shop.kind]
    kind = SHOPS[shop.kind]
    cut = (
        [{}] if missing == "every" else [{k: v for k, v in payload.items() if k != gone} for gone in payload]
    )
    for each in cut:
        assert heard(kind, topic, each, shop)


def test_a_topic_that_is_none_of_ours_changes_nothing(shop: Connection) -> None:
    raw = body({"id": 5, "type": "invoice.paid", "customer": {}, "order": {}})
    if shop.kind in ("meta", "orders"):
        return  # these have no topics
    post(shop, raw, signed(shop.kind, raw, topic="product.updated"))
    assert do_due()
    assert Delivery.objects.get().state == "taken"
    assert not Order.objects.exists()


def test_a_replay_changes_nothing(db: None) -> None:
    for kind in ("woocommerce", "shopify", "stripe", "orders"):
        made = connected(kind)
        raw, headers = usual(made)
        post(made, raw, headers)
        assert do_due()
        kept = Delivery.objects.get(connection=made)
        assert (kept.state, kept.problem) == ("taken", ""), kind
        before = make.base(), Claim.objects.count(), list(Order.objects.values_list("digest", "total"))
        replay(delivery=kept, by=SHELL)
        assert do_due()
        assert (
            make.base(),
            Claim.objects.count(),
            list(Order.objects.values_list("digest", "total")),
        ) == before, kind
    assert Order.objects.filter(identity=None).count() == 0


def test_no_cookie_opens_it_and_no_other_method(shop: Connection) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(Client(), method)(f"/hooks/{shop.kind}/{shop.key}").status_code == 405
    assert Client().get(f"/hooks/{shop.kind}/{shop.key}").status_code == 403


def test_what_is_told_to_the_other_side_holds_no_secret_of_theirs(shop: Connection) -> None:
    from kartoteka.intake.connections import told

    assert SECRET not in repr(told(shop))
    assert f"/hooks/{shop.kind}/{shop.key}" in str(told(shop)["url"])
