"""The one client that asks other machines: none of the known ways leads it back into the house."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings as real_settings

from kartoteka.kit import outgoing
from kartoteka.kit.outgoing import NotReached, fetch, looked_at

pytestmark = pytest.mark.any_base

INTO_THE_HOUSE = (
    "https://127.0.0.1/", "https://localhost/", "https://LOCALHOST./", "https://10.0.0.1/", "https://192.168.1.1/",
    "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/",
    "https://255.255.255.255/", "https://224.0.0.1/", "https://198.18.0.1/", "https://[::1]/", "https://[::]/",
    "https://[fe80::1]/", "https://[fc00::1]/", "https://[ff02::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1%25eth0]/",
    "https://2130706433/", "https://017700000001/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/",
    "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1./", "https://0/",
    "https://\u2460\u2461\u2466.0.0.1/", "https://shop.example.com@127.0.0.1/", "https://user:pass@shop.example.com/",
    "https://127.0.0.1\\@shop.example.com/", "https://shop.example.com\r\nHost: x/", "https://127.0.0.1%2f.example.com/",
    "http://93.184.216.34/", "file:///etc/passwd", "gopher://127.0.0.1:25/", "ftp://shop.example.com/", "https://", "",
    "//127.0.0.1/", "https://intranet/", "https://shop.example.com:99999/", "https://" + "a" * 5000,
)  # fmt: skip
OPEN = "93.184.216.34"


@pytest.mark.parametrize("url", INTO_THE_HOUSE)
def test_no_way_into_the_house(url: str) -> None:
    with pytest.raises(NotReached):
        looked_at(url)


def answering(*answers: str) -> Callable[..., list[Any]]:
    """A name server that says these addresses, one set a question; the last for ever."""
    left = [each.split() for each in answers]

    def look_up(_host: str, port: int, **_more: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    return look_up


@pytest.mark.parametrize("found", ["127.0.0.1", f"{OPEN} 127.0.0.1", "10.1.2.3", "::1", "::ffff:192.168.0.1"])
def test_nor_by_a_name_that_stands_for_it(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(found))
    with pytest.raises(NotReached):
        looked_at("https://shop.example.com/")


def test_a_name_that_changes_its_answer_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []

    def connect(address: Any, *_more: Any, **_others: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answering(OPEN, "127.0.0.1"))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotReached):
        fetch("https://shop.example.com/orders")
    assert connected == [(OPEN, 443)]


class Handler(BaseHTTPRequestHandler):
    """Answers by the path that is asked."""

    seen: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 300_000)
        elif self.path == "/drips":
            self.send_response(200)
            self.end_headers()
            try:
                for _each in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def shop(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.seen = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.KARTOTEKA = dataclasses.replace(real_settings.KARTOTEKA, reach_inside=(place,))
    yield f"http://{place}"
    server.shutdown()
    server.server_close()


def test_what_the_owner_named_is_reached(shop: str) -> None:
    answer = fetch(f"{shop}/orders", headers={"Authorization": "Basic x"})
    assert (answer.status, answer.json(), Handler.seen) == (200, {"ok": True}, [("/orders", "Basic x")])
    assert fetch(f"{shop}/to?/orders").json() == {"ok": True}


@pytest.mark.parametrize(
    "onward",
    [
        "http://127.0.0.1:1/",
        "https://localhost/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "//[::1]/",
    ],
)
def test_a_redirect_is_looked_at_as_the_first(shop: str, onward: str) -> None:
    with pytest.raises(NotReached):
        fetch(f"{shop}/to?{onward}")
    assert len(Handler.seen) == 1


def test_a_secret_is_not_carried_to_another_host(shop: str, settings: Any) -> None:
    port = shop.rpartition(":")[2]
    inside = (f"127.0.0.1:{port}", f"localhost:{port}")
    settings.KARTOTEKA = dataclasses.replace(real_settings.KARTOTEKA, reach_inside=inside)
    fetch(f"{shop}/to?http://localhost:{port}/orders", headers={"Authorization": "Basic x"})
    assert Handler.seen[-1] == ("/orders", None)


@pytest.mark.parametrize("path", ["large", "drips", "to?/to?/to?/to?/to?/to?/orders"])
def test_what_never_ends_is_cut_off(shop: str, path: str) -> None:
    with pytest.raises(NotReached):
        outgoing.fetch(f"{shop}/{path}", seconds=0.3, limit=100_000)
