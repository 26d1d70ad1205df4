"""One-time sign-in links: how the owner gets in the first time, and staff without a password every time."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .actor import Actor
from .audit import note
from .models import SignInLink, Staff
from .presets import OWNER

LIFE = timedelta(hours=24)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(*, staff: Staff, by: Actor) -> str:
    """The path of a link that signs `staff` in once within 24 hours. Earlier unused links stop working."""
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        SignInLink.objects.filter(staff=staff, used_at=None).delete()
        SignInLink.objects.create(staff=staff, hash=_hash(secret), expires_at=now + LIFE)
        note(by=by, action="made sign-in link", matter="staff", key=staff.pk)
    return f"/enter/{secret}"


def look_up(secret: str) -> Staff | None:
    """Whom the link would sign in, without using it up (mail programs open links before people do)."""
    link = SignInLink.objects.filter(
        hash=_hash(secret), used_at=None, expires_at__gt=timezone.now(), staff__is_active=True
    ).select_related("staff")
    found = link.first()
    return found.staff if found else None


def use(secret: str) -> Staff | None:
    """Use the link up: the member of staff it signs in, or None when it was used, has run out or never was."""
    with transaction.atomic():
        staff = look_up(secret)
        # The update decides a race: only one of two callers sees a changed row.
        used = SignInLink.objects.filter(hash=_hash(secret), used_at=None).update(used_at=timezone.now())
        if staff is None or not used:
            return None
        note(by=staff.actor, action="signed in by link", matter="staff", key=staff.pk)
    return staff


def first_link(*, by: Actor) -> str:
    """The owner's link for a base into which nobody has signed in yet, making the owner's account if needed; else ""."""
    if Staff.objects.exclude(last_login=None).exists():
        return ""
    owner = Staff.objects.working().filter(role=OWNER).first()
    if owner is None:
        owner = Staff.objects.create_user(email="owner@localhost", name="Owner", role=OWNER)
    return make_link(staff=owner, by=by)
