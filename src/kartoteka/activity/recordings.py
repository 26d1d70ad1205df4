"""Files of dealings: what came with a mail and recordings of calls, checked by their first bytes, kept sealed."""

import io
import re
from functools import partial
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.sounds import sound_of
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.audit import note as write_down
from kartoteka.trust.personal_keys import Subject

from .dealing_models import Dealing, Enclosure
from .dealings import BadDealing, must_reach_dealing

DRAWER = "dealings"
MOST_BYTES = 64 * 1024 * 1024
# Programs, whatever they call themselves: Windows, ELF, Mach-O, a script, and the containers that hide one.
_PROGRAMS = re.compile(
    rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xcf\xce]\xfa\xed\xfe|#!|Rar!|7z\xbc\xaf|ITSF|L\x00\x00\x00\x01\x14\x02"
)
_BAD_ENDS = frozenset({
    "exe", "scr", "com", "pif", "bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta", "msi", "msp", "ps1", "jar",
    "lnk", "iso", "img", "chm", "reg", "cpl", "dll", "sh", "app", "apk",
})  # fmt: skip


def attach_recording(*, dealing: Dealing, stream: IO[bytes], label: str, by: Actor) -> Enclosure:
    """Keep the recording of a talk. Raises BadDealing for what is no sound or too large, NotAllowed."""
    by.must(Right.CHANGE)
    must_reach_dealing(by, dealing)
    content = stream.read(MOST_BYTES + 1)
    kind = sound_of(content)
    if not kind:
        raise BadDealing(
            "file", _("This is no recording we can play. Choose an MP3, WAV, Ogg, FLAC, M4A or WebM file.")
        )
    with transaction.atomic():
        kept = keep_enclosure(dealing, content, label=label, type_=kind, is_recording=True)
        customer = dealing.identity.customer_id if dealing.identity else ""
        write_down(
            by=by, action="added a recording", matter="customer", key=customer, detail={"dealing": dealing.pk}
        )
    return kept


def is_dangerous(label: str, content: bytes) -> bool:
    """Whether a file is a program or a container in which programs are hidden, by its name's ends and its first bytes."""
    ends = {part.strip().lower() for part in label.split(".")[1:]}
    return bool(ends & _BAD_ENDS) or bool(_PROGRAMS.match(content))


def keep_enclosure(
    dealing: Dealing, content: bytes, *, label: str, type_: str, is_recording: bool = False
) -> Enclosure:
    """Keep a file of a dealing, sealed with the customer's own key where it is known whose it is. Raises BadDealing."""
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // (1024 * 1024)
        raise BadDealing("file", _("This file is larger than %(most)s MB.") % {"most": most})
    whose = Subject("identity", str(dealing.identity_id)) if dealing.identity_id else None
    name, size, digest = keeping.keep(io.BytesIO(content), drawer=DRAWER, subject=whose)
    clean = " ".join(re.sub(r"[\x00-\x1f/\\]+", " ", label).split())[-200:] or "file"
    return Enclosure.objects.create(
        dealing=dealing, name=name, label=clean, type=type_[:60], size=size, digest=digest,
        is_recording=is_recording, made_at=timezone.now(),
    )  # fmt: skip


def take_enclosure(*, enclosure: int, actor: Actor) -> tuple[Enclosure, bytes] | None:
    """A file of a dealing and what is in it; None where there is none. Who listens is written down.

    Recordings are heard by who had the talk, and by who may read the audit. Raises NotAllowed.
    """
    row = Enclosure.objects.select_related("dealing__identity").filter(pk=enclosure).first()
    if row is None:
        return None
    must_reach_dealing(actor, row.dealing)
    if row.is_recording and not may_listen(actor, row.dealing):
        raise NotAllowed(Right.AUDIT)
    if not row.is_recording and actor.veiled:
        raise NotAllowed(Right.REVEAL)  # what is in a file cannot be veiled
    out = io.BytesIO()
    keeping.take_out(row.name, out, drawer=DRAWER)
    customer = row.dealing.identity.customer_id if row.dealing.identity else ""
    action = "listened" if row.is_recording else "opened a file"
    write_down(by=actor, action=action, matter="customer", key=customer, detail={"dealing": row.dealing_id})
    return row, out.getvalue()


def files_of(*, actor: Actor, dealing: Dealing) -> list[Enclosure]:
    """The files of a dealing that this actor may open."""
    must_reach_dealing(actor, dealing)
    listens = may_listen(actor, dealing)
    return [each for each in dealing.enclosures.all() if (listens if each.is_recording else not actor.veiled)]


def may_listen(actor: Actor, dealing: Dealing) -> bool:
    """Whether this actor may hear the recordings of a dealing."""
    own = actor.kind == "staff" and dealing.owner_id == actor.key
    return own or (actor.may(Right.SEE) and actor.may(Right.AUDIT))


def throw_away_of(names: list[str]) -> None:
    """Take kept files off the disk once the transaction holds."""
    for name in names:
        transaction.on_commit(partial(keeping.throw_away, name, drawer=DRAWER))
