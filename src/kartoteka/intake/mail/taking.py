"""Letters become dealings: on the customer whose address it is, in their thread, with files that are safe to keep."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kartoteka.activity.dealing_models import Dealing
from kartoteka.activity.dealings import BadDealing, Said, take_in
from kartoteka.activity.recordings import is_dangerous, keep_enclosure
from kartoteka.agenda.calendars import BadCalendar, take_answer
from kartoteka.intake.connection_models import Connection
from kartoteka.intake.whose import whose
from kartoteka.trust.actor import SYSTEM
from kartoteka.trust.models import Staff

from .letters import File, Letter, people_of


def take_letter(letter: Letter, *, connection: Connection) -> Dealing | None:
    """Keep a letter as a dealing; None for one that no person wrote. The same letter again is the same dealing.

    A letter of ours (a blind copy) stands as sent, on the customer it went to.
    """
    if letter.automatic and not letter.calendar:
        return None
    by = replace(SYSTEM, name=connection.name)
    ours = {str(connection.more.get("address", "")).lower()} | set(
        Staff.objects.values_list("email", flat=True).iterator()
    )
    direction, others = people_of(letter, ours=sorted(ours))
    if direction == "out" and not others:
        return None
    before = _thread(letter.before)
    customer = whose(emails=others)
    if (
        customer is None
        and before is not None
        and before.identity is not None
        and set(others) & {before.counterpart}
    ):
        customer = before.identity.customer
    writer = Staff.objects.filter(email=letter.sender).first() if direction == "out" else None
    owner = writer.pk if writer else before.owner_id if before else None
    with transaction.atomic():
        made, new = take_in(
            customer=customer,
            said=Said(
                way="mail",
                direction=direction,
                at=letter.at,
                subject=letter.subject,
                note=letter.text or letter.subject or "—",
                counterpart=others[0] if others else "",
                owner=owner,
                key=letter.key or _key_of(letter),
            ),
            by=by,
            thread=before,
        )
        if new:
            _keep_files(made, letter.files)
    if new and letter.calendar and direction == "in":
        _answer(letter)
    return made


def _thread(before: Sequence[str]) -> Dealing | None:
    """The nearest letter that this one answers and that we have."""
    known = {
        each.key: each for each in Dealing.objects.filter(way="mail", key__in=[each[:255] for each in before])
    }
    return next((known[each[:255]] for each in before if each[:255] in known), None)


def _key_of(letter: Letter) -> str:
    """A key for a letter without a Message-ID: the same bytes give the same one."""
    told = "\x00".join([letter.sender, *letter.to, letter.subject, str(letter.at), letter.text])
    return f"<{hashlib.sha256(told.encode()).hexdigest()}@unnamed>"


def _keep_files(dealing: Dealing, files: Sequence[File]) -> None:
    left: list[str] = []
    for each in files:
        if is_dangerous(each.label, each.content):
            left.append(each.label)
            continue
        try:
            keep_enclosure(dealing, each.content, label=each.label, type_=each.type)
        except BadDealing:
            left.append(each.label)
    if left:
        said = _("Not kept, as it may be a program or is too large: %(files)s") % {
            "files": ", ".join(left)[:500]
        }
        dealing.note = f"{dealing.note}\n\n{said}".replace("\x00", "")
        Dealing.objects.filter(pk=dealing.pk).update(note=dealing.note)


def _answer(letter: Letter) -> None:
    """An answer to an invitation of ours is noted on the meeting; any other calendar file is a file."""
    try:
        take_answer(content=letter.calendar, by=SYSTEM, sender=letter.sender)
    except BadCalendar:
        return
