"""What happens on the site comes in: the tracking calls that sites' and apps' libraries send."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kartoteka.intake.connection_models import Connection
from kartoteka.intake.connections import Kind
from kartoteka.intake.connections import register as register_kind

KIND = "tracking"


def register() -> None:
    """Make the kind known. Called from the app's `ready()`."""
    register_kind(Kind(key=KIND, label=_("site or app"), ground="consent", told=_told))


def _told(connection: Connection, home: str) -> Mapping[str, object]:
    return {
        "url": home,
        "write_key": connection.key,
        "script": f"{home}/k.js",
        "endpoint": f"{home}/v1/batch",
    }
