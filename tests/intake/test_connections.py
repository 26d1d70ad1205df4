"""Connections: what the other side is told, secrets sealed, deliveries noted once and kept limited."""

from __future__ import annotations

import json

import pytest

from kartoteka.cli.main import main
from kartoteka.intake import connections
from kartoteka.intake.models import Connection, Delivery
from kartoteka.trust.actor import SHELL
from kartoteka.trust.sealed_text import SecretGone, open_text, reseal_all, seal_text

pytestmark = pytest.mark.django_db


def test_the_command_tells_what_the_site_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "tracking", "--name", "example.com", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    made = Connection.objects.get(name="example.com")
    assert told["write_key"] == made.key
    assert len(told["write_key"]) >= 32
    assert told["url"].startswith("http")
    assert made.source.name == "example.com"
    assert main(["connect", "tracking", "--name", "example.com"]) == 1, "the name is taken"
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "fax"}, {"name": "  "}, {"ground": "because"}, {"more": {"colour": "red"}}],
)
def test_what_cannot_be_connected_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(connections.CannotConnect) as refused:
        connections.connect(**{"kind": "tracking", "name": "a site", "by": SHELL} | wrong)  # type: ignore[arg-type]
    assert refused.value.field
    assert not Connection.objects.exists()


def test_every_kind_tells_what_it_needs() -> None:
    for kind in connections.kinds():
        made = connections.connect(
            kind=kind.key,
            name=f"our {kind.key}",
            secret="s3cret",
            more={each.key: f"https://{each.key}.example" for each in kind.asks},
            by=SHELL,
        )
        told = connections.told(made)
        assert told.get("url") is None or str(told["url"]).startswith("http"), kind.key
        assert "s3cret" not in made.secret
        assert connections.secret_of(made) == "s3cret"
        assert connections.live(kind.key, made.key) == made
        connections.end(connection=made, by=SHELL)
        assert connections.live(kind.key, made.key) is None


def test_a_secret_is_sealed_and_opens() -> None:
    sealed = seal_text("whsec_1")
    assert "whsec" not in sealed
    assert open_text(sealed) == "whsec_1"
    assert seal_text("") == open_text("") == ""
    made = connections.connect(kind="tracking", name="one", secret="whsec_2", by=SHELL)
    assert reseal_all() == 1
    after = Connection.objects.get(pk=made.pk)
    assert after.secret != made.secret
    assert connections.secret_of(after) == "whsec_2"
    with pytest.raises(SecretGone):
        open_text(sealed[:-6] + "AAAAA=")


def test_a_delivery_is_noted_once_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    made = connections.connect(kind="tracking", name="one", by=SHELL)
    first, new = connections.note_delivery(connection=made, state="taken", key="d1", body=b"{}" * 500)
    again, also_new = connections.note_delivery(connection=made, state="taken", key="d1")
    assert (new, also_new) == (True, False)
    assert first == again
    assert connections.body_of(again) == b"{}" * 500
    monkeypatch.setattr(connections, "KEPT", 20)
    waiting, _ = connections.note_delivery(connection=made, state="waiting")
    for _each in range(120):
        connections.note_delivery(connection=made, state="refused")
    left = connections.deliveries(actor=SHELL, connection=made)
    assert 20 <= left.count() <= 72
    assert waiting in left, "what waits is never dropped"
    assert not Delivery.objects.filter(pk=first.pk).exists()
