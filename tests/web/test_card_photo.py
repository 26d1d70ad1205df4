"""The photo on the card, by the browser's way."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.make import person

pytestmark = pytest.mark.django_db


def picture(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 60), colour).save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue(), "image/png")


def test_put_on_shown_and_taken_off(clerk: Client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    path = reverse("customer_photo", args=[person("Aino", "Virtanen").card])
    assert clerk.get(path).status_code == 404
    put_on = clerk.post(path, {"photo": picture()})
    assert f'src="{path}?v=' in put_on.content.decode()
    shown = clerk.get(path)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.content)).format == "JPEG"
    clerk.delete(path)
    assert clerk.get(path).status_code == 404


def test_what_is_no_picture_is_refused(clerk: Client) -> None:
    path = reverse("customer_photo", args=[person("Aino", "Virtanen").card])
    refused = clerk.post(path, {"photo": SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", "image/png")})
    assert "no picture we can read" in refused.headers["HX-Trigger"]
    assert "Choose a picture" in clerk.post(path).headers["HX-Trigger"]
    assert clerk.get(path).status_code == 404


def test_a_photo_is_not_for_strangers(client: Client) -> None:
    path = reverse("customer_photo", args=[person("Aino", "Virtanen").card])
    assert client.get(path).status_code == 302
