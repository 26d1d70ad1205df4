"""Mail in, through a real IMAP server: matched, threaded, checked; and letters no mail program would write."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.activity.dealing_models import Dealing
from kartoteka.activity.dealings import say_whose, thread_of, waiting
from kartoteka.intake.connection_models import Connection
from kartoteka.intake.connections import connect, deliveries
from kartoteka.intake.mail import fetching
from kartoteka.intake.mail.fetching import MailboxShut, fetch
from kartoteka.intake.mail.letters import read
from kartoteka.kit.jobs import NotNow
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from tests import make

START = "from pymap.main import main; main()"


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """A mail server of its own at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    asked = [
        sys.executable,
        "-c",
        START,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
        "dict",
        "--demo-data",
    ]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(150):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


class Box:
    """A folder of the server, and the connection that reads it."""

    def __init__(self, port: int, name: str) -> None:
        self.mailbox = imaplib.IMAP4("127.0.0.1", port)
        self.mailbox.login("demouser", "demopass")
        self.mailbox.create(name)
        self.name = name
        more = {
            "host": f"127.0.0.1:{port}",
            "user": "demouser",
            "address": "shop@example.com",
            "folder": name,
        }
        self.connection = connect(kind="mailbox", name=name, secret="demopass", more=more, by=SHELL)

    def put(self, raw: bytes) -> None:
        assert (
            self.mailbox.append(self.name, "", None, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[0]
            == "OK"
        )

    def fetch(self) -> int:
        return fetch(Connection.objects.get(pk=self.connection.pk))


@pytest.fixture
def box(db: None, server: int, request: pytest.FixtureRequest) -> Iterator[Box]:
    made = Box(server, f"Box-{request.node.name[:40]}")
    yield made
    with suppress(imaplib.IMAP4.abort):  # a server that had to wait has hung up already
        made.mailbox.logout()


@pytest.fixture
def anna(db: None) -> Customer:
    return make.person("Anna", "Kowalska", email="anna@example.com")


def letter(
    key: str, text: str, *, sender: str = "Anna <Anna@Example.com>", to: str = "shop@example.com", **more: str
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = sender, to, f"<{key}@example.com>"
    made["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_a_letter_lies_on_the_card_in_its_thread_once(box: Box, anna: Customer) -> None:
    ola = Staff.objects.create_user(email="ola@example.com", name="Ola", role="staff")
    box.put(letter("one", "Macie płaszcze?", Subject="Płaszcz").as_bytes())
    ours = letter(
        "two",
        "Mamy!",
        sender="ola@example.com",
        to="anna@example.com",
        Subject="Re: Płaszcz",
        In_Reply_To="<one@example.com>",
    )
    box.put(ours.as_bytes())  # in blind copy to the mailbox
    box.put(
        letter(
            "three", "Biorę", Subject="Re: Płaszcz", References="<one@example.com> <two@example.com>"
        ).as_bytes()
    )
    assert (box.fetch(), box.fetch()) == (3, 0)
    box.put(letter("one", "Macie płaszcze?", Subject="Płaszcz").as_bytes())
    assert box.fetch() == 1
    first, second, third = Dealing.objects.order_by("pk")
    assert {each.identity.customer for each in (first, second, third)} == {anna}  # type: ignore[union-attr]
    assert (first.subject, first.note, first.direction) == ("Płaszcz", "Macie płaszcze?", "in")
    assert (second.direction, second.owner, second.counterpart) == ("out", ola, "anna@example.com")
    assert thread_of(actor=SHELL, dealing=second) == (first, second, third)
    assert third.owner == ola


def test_files_are_checked_and_programs_left_out(box: Box, anna: Customer) -> None:
    made = letter("files", "see inside", Subject="Files")
    made.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="rachunek ąę.pdf")
    made.add_attachment(b"MZ\x90 program", maintype="image", subtype="png", filename="photo.png")
    made.add_attachment(b"x", maintype="text", subtype="plain", filename="readme.txt.js")
    box.put(made.as_bytes())
    box.fetch()
    dealing = Dealing.objects.get()
    assert [each.label for each in dealing.enclosures.all()] == ["rachunek ąę.pdf"]
    assert "photo.png, readme.txt.js" in dealing.note


def test_a_stranger_waits_until_somebody_says_who_it_is(box: Box, anna: Customer) -> None:
    for key in ("a", "b"):
        box.put(letter(key, "hello", sender="anna.new@example.net", Subject=f"hi {key}").as_bytes())
    box.put(letter("c", "bounce", Auto_Submitted="auto-replied").as_bytes())
    box.fetch()
    unknown = waiting(actor=SHELL).unknown
    assert len(unknown) == 2
    say_whose(dealing=unknown[0], customer=anna, by=SHELL)
    assert waiting(actor=SHELL).unknown == ()


def test_a_shut_mailbox_is_told_of_and_tried_again(box: Box) -> None:
    Connection.objects.filter(pk=box.connection.pk).update(more={**box.connection.more, "user": "nobody"})
    with pytest.raises(MailboxShut):
        box.fetch()
    for _round in range(2):
        with pytest.raises(NotNow):
            fetching.fetch_due()
    (told,) = deliveries(actor=SHELL, connection=box.connection)
    assert told.state == "failed"
    assert "demopass" not in told.problem


def test_a_mailbox_that_counts_anew_is_read_anew(box: Box, anna: Customer) -> None:
    box.put(letter("one", "x").as_bytes())
    box.fetch()
    Connection.objects.filter(pk=box.connection.pk).update(more={**box.connection.more, "read": "other:99"})
    assert box.fetch() == 1
    assert Dealing.objects.count() == 1


ODD = [
    b"", b"\x00\xff", b"Subject: =?utf-8?B?broken\n\n\xff\xfe", b"From: @@@\nTo: ,,,\nDate: never\nMessage-ID: no\n\nx",
    b"Content-Type: text/plain; charset=klingon\n\nza\xbf\xf3\xb3\xe6",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n"
    b"<style>p{}</style><p>Hi<br>there</p><script>x()</script>\n--x--",
    b"From: a@b.c\nFrom: d@e.f\nSubject: one\nSubject: two\nReferences: <\n\n",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
    b"Content-Transfer-Encoding: base64\n\n!!!not base64!!!",
    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n\nx",
]  # fmt: skip


@pytest.mark.parametrize("raw", ODD)
def test_odd_letters_are_read(raw: bytes) -> None:
    found = read(raw)
    assert "\x00" not in found.text + found.subject
    assert "<" not in found.text
    assert "x()" not in found.text


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"From", b"Date", b"References", b"Content-Type", b"Content-Disposition"]),
)
def test_no_bytes_stop_the_reader(body: bytes, name: bytes) -> None:
    read(body)
    read(name + b": " + body + b"\n\nhello")
