"""Reading a mailbox by IMAP (RFC 3501): what is new since last time, by UID, without marking anything as read."""

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.utils import timezone

from kartoteka.intake.connection_models import Connection, Delivery
from kartoteka.intake.connections import note_delivery, secret_of
from kartoteka.kit.jobs import NotNow
from kartoteka.trust.sealed_text import SecretGone

from .letters import read
from .taking import take_letter

log = logging.getLogger("kartoteka.mail")
EVERY = 60.0  # seconds
TIMEOUT = 30
MOST_BYTES = 50_000_000
_AT_ONCE = 50
PORT = 993


class MailboxShut(Exception):
    """The mailbox cannot be read now; the message says why, without its password."""


def fetch_due() -> bool:
    """The worker's round: reads each mailbox; then rests. Raises NotNow."""
    busy = False
    for each in Connection.objects.filter(kind="mailbox", ended_at=None):
        try:
            busy = fetch(each) == _AT_ONCE or busy
        except MailboxShut as error:
            log.warning("mailbox not read", extra={"connection": each.pk})
            day = timezone.localdate()
            note_delivery(
                connection=each,
                state=Delivery.State.FAILED,
                topic="mail",
                key=f"shut {day}",
                problem=str(error),
            )
    if not busy:
        raise NotNow(EVERY)
    return True


def fetch(connection: Connection) -> int:
    """Take in what is new in a mailbox, at most some letters at once; how many were looked at. Raises MailboxShut.

    How far it was read stands in the connection and moves on with each letter: one that is read twice is known by its
    Message-ID, one that cannot be read is noted and passed over.
    """
    with _opened(connection) as (mailbox, validity):
        last = _last(connection, validity)
        found = _ok(mailbox.uid("SEARCH", f"UID {last + 1}:*"))
        # A range that ends in * gives the last one even where it is older.
        new = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)[:_AT_ONCE]
        for uid in new:
            _take(connection, mailbox, uid)
            connection.more = {**connection.more, "read": f"{validity}:{uid}"}
            Connection.objects.filter(pk=connection.pk).update(more=connection.more)
        return len(new)


def _take(connection: Connection, mailbox: imaplib.IMAP4, uid: int) -> None:
    size = _ok(mailbox.uid("FETCH", str(uid), "(RFC822.SIZE)"))
    told = (
        size[0].split(b"RFC822.SIZE ")[-1].rstrip(b")").split()[0]
        if size and isinstance(size[0], bytes)
        else b"0"
    )
    problem = ""
    if told.isdigit() and int(told) > MOST_BYTES:
        problem = "A letter is too large to be taken in."
    else:
        answer = _ok(mailbox.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        try:
            take_letter(read(raw), connection=connection)
        except Exception:
            log.exception("letter not taken in", extra={"connection": connection.pk})
            problem = "A letter could not be read; look for it in the mailbox."
    if problem:
        note_delivery(
            connection=connection,
            state=Delivery.State.FAILED,
            topic="mail",
            key=f"uid {uid}",
            problem=problem,
        )


@contextmanager
def _opened(connection: Connection) -> Iterator[tuple[imaplib.IMAP4, str]]:
    host, _colon, port = str(connection.more["host"]).rpartition(":")
    host, number = (host, int(port)) if host and port.isdecimal() else (str(connection.more["host"]), PORT)
    try:
        mailbox = _reached(host, number)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxShut(f"The mail server cannot be reached: {error}") from error
    try:
        mailbox.login(str(connection.more["user"]), secret_of(connection))
        folder = str(connection.more.get("folder") or "INBOX").replace('"', "")
        _ok(mailbox.select(f'"{folder}"', readonly=True))
        validity = (mailbox.response("UIDVALIDITY")[1] or [b"0"])[0] or b"0"
        yield mailbox, bytes(validity).decode("ascii", "replace")
    except SecretGone as error:
        raise MailboxShut(str(error)) from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxShut(
            "The mail server refused: look at the name, the password and the folder."
        ) from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            mailbox.logout()


def _reached(host: str, port: int) -> imaplib.IMAP4:
    """TLS, always; but for a mail server on this very machine at another port than that of TLS."""
    if host in ("localhost", "127.0.0.1") and port != PORT:
        return imaplib.IMAP4(host, port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if port == 143:
        plain = imaplib.IMAP4(host, port, timeout=TIMEOUT)
        plain.starttls(context)
        return plain
    return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT)


def _last(connection: Connection, validity: str) -> int:
    """The UID up to which it was read; 0 where the mailbox counts anew (RFC 3501, 2.3.1.1)."""
    before, _colon, uid = str(connection.more.get("read", "")).rpartition(":")
    return int(uid) if before == validity and uid.isdecimal() else 0


def _ok(answer: tuple[str, list]) -> list:  # type: ignore[type-arg]
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(state)
    return data
