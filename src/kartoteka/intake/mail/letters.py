"""A mail as it lies in a mailbox (RFC 5322, MIME), read: who wrote to whom, in which thread, what, with which files."""

import datetime as dt
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

_MOST_TEXT = 100_000
_MOST_FILES = 50
_ID = re.compile(r"<[^<>\s]{1,250}>")
_BLOCKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>")
_UNSEEN = re.compile(r"(?is)<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->")
_TAGS = re.compile(r"(?s)<[^>]*>")


@dataclass(frozen=True)
class File:
    """Something enclosed: its name as the sender wrote it, what it says it is, its bytes."""

    label: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail. key: its Message-ID; before: those of the mails it answers, the nearest first. Addresses in small letters.

    at: when it was sent, by the sender's clock; None where it tells none. automatic: no person wrote it (RFC 3834).
    """

    key: str
    before: tuple[str, ...]
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: dt.datetime | None
    files: tuple[File, ...]
    automatic: bool
    calendar: bytes = b""


def read(raw: bytes) -> Letter:
    """A mail by its bytes. Never raises for what somebody may send: what cannot be read is left out."""
    message = message_from_bytes(raw, policy=policy.default)
    files, calendar = _files(message)
    replies = _ids(_header(message, "In-Reply-To"))
    references = _ids(_header(message, "References"))
    senders = _addresses(message, "From") or _addresses(message, "Sender")
    automatic = _header(message, "Auto-Submitted").strip().lower() not in ("", "no") or bool(
        _header(message, "List-Id") or _header(message, "List-Unsubscribe")
    )
    return Letter(
        key=next(iter(_ids(_header(message, "Message-ID"))), ""),
        before=tuple(dict.fromkeys([*replies, *reversed(references)]))[:50],
        sender=senders[0] if senders else "",
        to=tuple(dict.fromkeys(each for name in ("To", "Cc") for each in _addresses(message, name)))[:100],
        subject=" ".join(_header(message, "Subject").replace("\x00", "").split())[:300],
        text=_text(message),
        at=_date(_header(message, "Date")),
        files=files,
        automatic=automatic,
        calendar=calendar,
    )


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except Exception:  # the library raises many things over headers that no mail program writes
        return ""


def _ids(text: str) -> list[str]:
    return _ID.findall(text)


def _addresses(message: Message, name: str) -> list[str]:
    try:
        values = [str(each) for each in message.get_all(name, [])]
    except Exception:  # as above
        return []
    found = [address.strip().lower() for _shown, address in getaddresses(values)]
    return [each for each in found if each.count("@") == 1 and len(each) <= 320 and "\x00" not in each]


def _date(text: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _text(message: Message) -> str:
    plain: list[str] = []
    rich: list[str] = []
    for part in message.walk():
        if part.is_multipart() or part.get_filename() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain":
            plain.append(_decoded(part))
        elif part.get_content_type() == "text/html":
            rich.append(_plain(_decoded(part)))
    text = "\n".join(plain).strip() or "\n".join(rich).strip()
    return text.replace("\x00", "").replace("\r\n", "\n")[:_MOST_TEXT]


def _decoded(part: Message) -> str:
    content = _bytes(part)
    for name in (part.get_content_charset() or "utf-8", "utf-8", "latin-1"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return ""


def _plain(page: str) -> str:
    """The words of an HTML mail: nothing of it is ever shown as HTML."""
    text = _TAGS.sub("", _BLOCKS.sub("\n", _UNSEEN.sub(" ", page)))
    lines = (" ".join(line.split()) for line in html.unescape(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _files(message: Message) -> tuple[tuple[File, ...], bytes]:
    found: list[File] = []
    calendar = b""
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, label = part.get_content_type(), part.get_filename() or ""
        if kind == "text/calendar" and not calendar:
            calendar = _bytes(part)
        if (label or part.get_content_disposition() == "attachment") and len(found) < _MOST_FILES:
            found.append(File(label or "file", kind, _bytes(part)))
    return tuple(found), calendar


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # as above
        return b""
    return content if isinstance(content, bytes) else b""


def people_of(letter: Letter, *, ours: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """From whom it is ("in", "out") and the other side's addresses. ours: addresses of the business, in small letters."""
    if letter.sender in ours:
        return "out", tuple(each for each in letter.to if each not in ours)
    return "in", (letter.sender,) if letter.sender else ()
