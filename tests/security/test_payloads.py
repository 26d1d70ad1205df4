"""What people type, drop and call with, who mean harm: it is shown as it is, refused, or without effect."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.intake.connections import connect
from kartoteka.intake.models import Import
from kartoteka.intake.refused import refused_rows
from kartoteka.intake.tracking import receiving
from kartoteka.intake.tracking.visitor_ids import is_forged
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import save_field
from kartoteka.people.photos import photo_of
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff
from tests import make
from tests.house.routes import routes

from .conftest import AS, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_shop")]
SCRIPT = "<script>alert(1)</script>"
MARKUP = (
    SCRIPT, '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "<svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea><script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}",
)  # fmt: skip
TEMPLATES = ("{{7*7}}", "{% debug %}", "{{ settings.SECRET_KEY }}", "${7*7}", "<%= 7*7 %>", "#{7*7}")
PROGRAM = Callable[..., Client]


# How a page writes a text is the same on any base; that a base keeps the text as it is, four of them show on each.
@pytest.mark.parametrize(
    "payload",
    [
        *MARKUP[:2],
        *TEMPLATES[:2],
        *(pytest.param(each, marks=pytest.mark.any_base) for each in (*MARKUP[2:], *TEMPLATES[2:])),
    ],
)
def test_a_name_is_shown_as_it_was_written(shop: Shop, signed_in: AS, payload: str) -> None:
    """On every page: as customer, tag, note, field, file, source, member of staff."""
    owner = signed_in("owner")
    Staff.objects.create_user(email="x@example.com", name=payload, role="staff")
    save_field(by=SHELL, label=payload, type="text", key="odd")
    victim = make.customer(
        source=f"shop {payload}"[:100], name=payload, given=payload, family=payload, nickname=payload, tags=[payload],
        note=payload, website=payload, **{"x.odd": payload},
    )  # fmt: skip
    said = Said(way="mail", subject=payload, note=f"Dear shop,\n{payload}\n{SCRIPT}")
    record_dealing(customer=victim, said=said, by=SHELL)
    make.csv_import(
        f'id,first name,phone\n1,"{payload.replace(chr(34), chr(34) * 2)}",\n2,,{SCRIPT}\n',
        name=f"{payload}.csv",
    )
    things = {**shop.things, "card": victim.card, "pk": victim.pk}
    shown = 0
    for route in routes():
        for asked in ({}, {"q": payload, "order": payload, "matter": payload}):
            answer = owner.get(route.at(things), query_params=asked)
            if answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            page = answer.content.decode()
            assert SCRIPT not in page, route.pattern
            assert "<img src=x" not in page, route.pattern
            assert "<svg/onload" not in page, route.pattern
            assert 'href="javascript:' not in page.lower(), route.pattern
            shown += "7*7" in page or "alert(1)" in page
    if payload in TEMPLATES and "7" in payload:
        assert "49" not in (Customer.objects.get(pk=victim.pk).name)
    assert shown or payload in TEMPLATES, "the payload is seen at all"


def test_what_a_browser_says_of_itself_is_shown_as_it_was_said(shop: Shop, signed_in: AS) -> None:
    """By referrer, title, path, campaign, agent and the visitor's own id, who then says who they are: on every page."""
    receiving.forget_known()
    site = connect(kind="tracking", name="shop.example", by=SHELL)
    odd = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    at = {"anonymousId": odd, "timestamp": timezone.now().isoformat()}
    page = {
        "url": f"https://x.example/{odd}",
        "path": f"/{odd}",
        "title": odd,
        "referrer": f"javascript:alert(1)//{odd}",
    }
    said = {"userAgent": odd, "campaign": {"source": odd, "medium": odd, "name": odd}, "page": page}
    calls = [
        {**at, "type": "page", "messageId": "m1", "properties": page, "context": said},
        {**at, "type": "track", "messageId": "m2", "event": odd, "properties": {odd: odd}, "context": said},
        {
            **at,
            "type": "identify",
            "messageId": "m3",
            "userId": odd,
            "traits": {"email": "odd@example.com", "name": odd},
        },
    ]
    sent = Client().post(
        "/v1/batch", json.dumps({"batch": calls, "writeKey": site.key}), content_type="text/plain"
    )
    assert sent.status_code == 200
    while run_due_parcels():
        pass
    victim = Customer.objects.get(email="odd@example.com")
    owner, shown = signed_in("owner"), 0
    for route in routes():
        answer = owner.get(
            route.at({**shop.things, "card": victim.card, "pk": victim.pk, "connection": site.pk})
        )
        if not answer.streaming and "html" in answer.get("Content-Type", ""):
            text = answer.content.decode()
            assert SCRIPT not in text, route.pattern
            assert "<img src=x" not in text, route.pattern
            assert 'href="javascript:' not in text.lower(), route.pattern
            shown += "alert(1)" in text
    assert shown > 3, "it is seen at all"


def test_visitors_are_not_guessed() -> None:
    """Ids that we give are long and signed: who makes one up, or changes one, is refused."""
    given = [Client().post("/v1/id").json()["id"] for _ in range(20)]
    assert len(set(given)) == 20
    assert min(map(len, given)) > 30
    assert not any(is_forged(each) for each in given)
    assert all(is_forged(each[:-1] + ("0" if each[-1] != "0" else "1")) for each in given)


SQL = (
    "name; DROP TABLE people_customer", "name) UNION SELECT password FROM trust_staff --", "' OR '1'='1", "1 OR 1=1",
    "password", "merged_into__card", "identities__claims__values", "card DESC, (SELECT 1)", "-pk", "?", "x.shoe') --",
)  # fmt: skip


@pytest.mark.parametrize("payload", SQL)
def test_keys_of_sorts_and_filters_are_not_code(
    shop: Shop, signed_in: AS, program: PROGRAM, payload: str
) -> None:
    clerk, caller = signed_in("staff"), program(Right.SEE)
    count = Customer.objects.count()
    for name in (
        "order",
        "own",
        "lacking",
        "tag",
        "source",
        "kind",
        "silent",
        "new",
        "after",
        "before",
        "own_value",
    ):
        page = clerk.get("/customers/", {name: payload, **({"own": "x.shoe"} if name == "own_value" else {})})
        assert page.status_code == 200, name
        assert "pbkdf2" not in page.content.decode()
        answer = caller.get("/api/v1/customers", {name: payload})
        assert answer.status_code in (200, 400, 404, 422), (name, answer.content)
    assert clerk.get("/find", {"q": payload}).status_code == 200
    assert Customer.objects.count() == count
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_staff")
        assert cursor.fetchone()[0] >= 1


def test_slipped_in_fields_change_nothing_of_ours(shop: Shop, program: PROGRAM, signed_in: AS) -> None:
    caller, card = program(Right.SEE, Right.CHANGE), shop.anna.card
    before = Customer.objects.values("card", "merged_into", "photo", "made_at", "completeness").get(card=card)
    slipped = {
        "card": "000000000",
        "merged_into": 1,
        "photo": "../../key",
        "id": 1,
        "owner": 1,
        "made_at": "1990-01-01",
    }
    for name, value in slipped.items():
        body = {"values": {"nickname": "Ania", name: value}, name: value}
        answer = caller.patch(f"/api/v1/customers/{card}", body, content_type="application/json")
        assert answer.status_code in (200, 422), answer.content
        signed_in_as = {"nickname": "Ania", **{key: str(each) for key, each in slipped.items()}}
        assert name in signed_in_as
    signed_in("owner").post(
        f"/customers/{card}/edit/nickname", {key: str(each) for key, each in slipped.items()}
    )
    assert (
        Customer.objects.values("card", "merged_into", "photo", "made_at", "completeness").get(card=card)
        == before
    )


def test_formulas_in_what_is_given_out_stay_text(db: None) -> None:
    nasty = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", '=HYPERLINK("http://x","y")')
    lines = "".join(f'{n},,"{each.replace(chr(34), chr(34) * 2)}"\n' for n, each in enumerate(nasty))
    done: Import = make.csv_import(f"id,first name,phone\n{lines}")
    book = openpyxl.load_workbook(io.BytesIO(refused_rows(file_import=done, by=SHELL)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert sum(str(cell.value).strip() in nasty for cell in cells) >= 5


def _png(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + chunk(b"IEND", b"")
    )


def _polyglot(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(
        out, kind, **({"exif": b"Exif\0\0" + SCRIPT.encode()} if kind == "JPEG" else {})
    )
    return out.getvalue() + b"<?php system('id'); ?>" + SCRIPT.encode() + b"PK\x03\x04"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("face.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()),
        ("face.jpg", f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()),
        ("face.jpg.html", SCRIPT.encode()),
        ("face.png", _png(40_000, 40_000)),
        ("face.png", _png(65_000, 1_000)),
        ("face.gif", b"GIF89a" + b"\xff" * 50),
        ("face.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("../../../key", b""),
    ],
)
def test_what_is_no_picture_is_refused(shop: Shop, signed_in: AS, name: str, content: bytes) -> None:
    owner = signed_in("owner")
    sent = SimpleUploadedFile(name, content, content_type="image/jpeg")
    assert owner.post(f"/customers/{shop.anna.card}/photo", {"photo": sent}).status_code == 204
    assert Customer.objects.get(pk=shop.anna.pk).photo == ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_of_a_picture_that_is_something_else_too_only_the_picture_stays(
    shop: Shop, signed_in: AS, kind: str
) -> None:
    owner = signed_in("owner")
    sent = SimpleUploadedFile("face.php.jpg", _polyglot(kind))
    assert owner.post(f"/customers/{shop.anna.card}/photo", {"photo": sent}).status_code == 200
    kept = photo_of(customer=Customer.objects.get(pk=shop.anna.pk), actor=SHELL)
    assert kept
    assert kept.startswith(b"\xff\xd8")
    assert not [each for each in (b"script", b"php", b"PK\x03\x04", b"Exif") if each in kept]
    given = owner.get(f"/customers/{shop.anna.card}/photo")
    assert (given["Content-Type"], given["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.csv.exe", "../../a.csv", "a\x00.csv", "con.csv", "a" * 300 + ".csv"]
)
def test_a_dropped_file_is_never_given_back_as_a_page(signed_in: AS, name: str) -> None:
    owner = signed_in("owner")
    content = f"<html>{SCRIPT}</html>\nid,first name\n1,Anna\n".encode()
    answer = owner.post("/imports/drop", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code < 500
    for found in Import.objects.all():
        assert "/" not in found.name
        assert "\x00" not in found.name
        page = owner.get(f"/imports/{found.pk}/")
        assert SCRIPT not in page.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        '{"values":' * 50_000 + "1" + "}" * 50_000,
        "[" * 100_000 + "]" * 100_000,
        '{"values": {"name": "' + "a" * 6_000_000 + '"}}',
        '{"values": {"children": ' + "9" * 10_000 + "}}",
        '{"values": {"name": "a"}, "values": {"name": "b"}, "ground": 1e999}',
        '{"values": {"x.shoe": NaN}}',
        "\ud800", '{"a": "\\ud800"}', "", "null", "\x00", '{"values": {"tags": ' + json.dumps(["a"] * 200_000) + "}}",
    ],
    ids=range(12),
)  # fmt: skip
def test_bodies_too_deep_too_long_or_odd(shop: Shop, program: PROGRAM, body: str) -> None:
    caller = program(*Right)
    raw = body.encode("utf-8", "surrogatepass")
    for method, path in (("post", "/api/v1/customers"), ("patch", f"/api/v1/customers/{shop.anna.card}")):
        answer = getattr(caller, method)(path, raw, content_type="application/json")
        assert 400 <= answer.status_code < 500, (answer.status_code, answer.content[:200])
        assert "Traceback" not in answer.content.decode()
