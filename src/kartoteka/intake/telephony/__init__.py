"""Telephone systems tell us who rings: signed webhooks, the calls on the telephone page, and a dealing for each."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kartoteka.intake.connection_models import Connection
from kartoteka.intake.connections import Kind
from kartoteka.intake.connections import register as register_kind

KIND = "telephone"


def register() -> None:
    """Make the kind known. Called from the app's `ready()`."""
    register_kind(
        Kind(key=KIND, label=_("telephone system"), ground="contract", told=_told, makes_secret=True)
    )


def _told(connection: Connection, home: str) -> Mapping[str, object]:
    from kartoteka.intake.connections import secret_of

    return {
        "url": f"{home}/ring/{connection.key}",
        "secret": secret_of(connection),
        "signature": "X-Kartoteka-Signature: t=SECONDS,v1=HEX of HMAC-SHA256 over SECONDS.BODY",
        "body": '{"call": "id", "event": "ringing|answered|ended", "number": "+48…", "extension": "12", "seconds": 65}',
    }
