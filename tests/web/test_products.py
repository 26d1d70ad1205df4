"""The page of products: what is a charge is seen, found and put right."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.activity.models import Product
from tests import make

pytestmark = pytest.mark.django_db


def test_the_page(owner: Client) -> None:
    anna = make.person("Anna", "Lis")
    make.order(anna, sku="POST", name="POSTAGE")
    make.order(anna, sku="85", name="Lamp")
    lamp = Product.objects.get(sku="85")
    shown = owner.get(reverse("products"), {"kind": "charge"}).content.decode()
    assert "POSTAGE" in shown
    assert "Lamp" not in shown
    here = f"{reverse('products')}?q=lamp"
    done = owner.post(reverse("product_kind", args=[lamp.pk]), {"kind": "charge", "back": here}, follow=True)
    assert done.redirect_chain[0][0] == here
    assert "Lamp" in done.content.decode()
    lamp.refresh_from_db()
    assert lamp.kind == "charge"
    owner.post(reverse("product_kind", args=[lamp.pk]), {"kind": "toy", "back": "https://elsewhere.example/"})
    lamp.refresh_from_db()
    assert lamp.kind == "charge"
    assert owner.post(reverse("product_kind", args=[2**63]), {"kind": "sold"}).status_code == 404
