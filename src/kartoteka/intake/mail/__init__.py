"""Mail in: a mailbox read by IMAP, where letters of customers and blind copies of ours arrive, becomes dealings."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kartoteka.intake.connection_models import Connection
from kartoteka.intake.connections import Asked, Kind
from kartoteka.intake.connections import register as register_kind
from kartoteka.kit import jobs

KIND = "mailbox"


def register() -> None:
    """Make the kind and its work known. Called from the app's `ready()`."""
    register_kind(
        Kind(
            key=KIND,
            label=_("mailbox"),
            ground="contract",
            told=_told,
            asks=(
                Asked(
                    "host",
                    _("the mail server (IMAP), such as imap.example.com or imap.example.com:993"),
                    needed=True,
                ),
                Asked("user", _("the name to sign in with"), needed=True),
                Asked("address", _("the mailbox's own e-mail address"), needed=True),
                Asked("folder", _("the folder to read; INBOX where nothing is said")),
            ),
            needs_secret=True,
        )
    )
    jobs.register(jobs.Job(name="mailboxes", run_due=_fetch_due))


def _fetch_due() -> bool:
    from .fetching import fetch_due  # what reads mail and calendars is loaded by whoever reads them

    return fetch_due()


def _told(connection: Connection, home: str) -> Mapping[str, object]:  # noqa: ARG001
    """Nothing is sent to us: mail to the address, and ours with it in blind copy, is fetched."""
    return {"address": connection.more.get("address", ""), "bcc": connection.more.get("address", "")}
