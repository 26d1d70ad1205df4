"""Staff, their one-time sign-in links, tokens of the API, and the audit of who saw and did what."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from .actor import ROLE_RIGHTS, Actor, Right


class StaffManager(BaseUserManager["Staff"]):
    """Makes staff without a password: they sign in by a one-time link until they choose a password or a passkey."""

    def create_user(self, email: str, password: str | None = None, **more: object) -> "Staff":
        """A new member of staff. Called by the sign-in library and by `trust.staff.invite`."""
        staff = self.model(email=self.normalize_email(email).lower(), **more)
        if password:
            staff.set_password(password)
        else:
            staff.set_unusable_password()
        staff.save(using=self._db)
        return staff

    def working(self) -> models.QuerySet["Staff"]:
        """Those who have not left."""
        return self.filter(is_active=True)


class Staff(AbstractBaseUser):
    """Somebody who works here and signs in."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MANAGER = "manager", _("manager")
        STAFF = "staff", _("staff")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.STAFF)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("works here"), default=True)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["name", "email"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def actor(self) -> Actor:
        """This member of staff as the one behind a call."""
        rights = ROLE_RIGHTS.get(self.role, frozenset()) if self.is_active else frozenset()
        return Actor(kind="staff", key=self.pk, name=str(self), rights=rights)

    def get_full_name(self) -> str:
        """Asked for by the sign-in library."""
        return str(self)


class SignInLink(models.Model):
    """A link that signs one member of staff in, once. Only its hash is kept."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.staff_id}, {self.made_at:%Y-%m-%d}"


class Token(models.Model):
    """A token with which a program calls the API. Only its hash is kept; its rights are its own."""

    name = models.CharField(_("name"), max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    rights = models.JSONField(_("rights"), default=list)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="tokens")
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """The program that holds this token as the one behind a call."""
        known = {right.value for right in Right}
        rights = frozenset(Right(name) for name in self.rights if name in known)
        return Actor(kind="token", key=self.pk, name=self.name, rights=rights)


class AuditEntry(models.Model):
    """One thing that somebody saw or did. Only ever added to."""

    at = models.DateTimeField(_("when"), db_index=True)
    actor_kind = models.CharField(max_length=10)
    actor_key = models.BigIntegerField(default=0)
    actor_name = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=40)
    matter = models.CharField(max_length=30, blank=True)
    matter_key = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    # That it was us who wrote it: see signing.py.
    mark = models.CharField(max_length=60, default="", editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["matter", "matter_key", "-at"], name="audit_matter"),
            models.Index(fields=["actor_kind", "actor_key", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action}"


class AuditLink(models.Model):
    """An entry's place in the chain: each hash holds the entry and the hash before it. Only ever added to."""

    sequence = models.BigIntegerField(primary_key=True)
    # No foreign key: if the entry is taken away, this must stay and tell.
    entry = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence}: {self.entry}"


class AuditSeal(models.Model):
    """That the chain was so long and ended so: marked with a key, so that nobody without it can forge a whole chain."""

    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    mark = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.sequence}, {self.at:%Y-%m-%d %H:%M}"


class BackupPlan(models.Model):
    """When copies are made by themselves and how many are kept. There is one."""

    on = models.BooleanField(default=True)
    at = models.TimeField(default=dt.time(3, 10))
    daily = models.PositiveSmallIntegerField(default=7)
    weekly = models.PositiveSmallIntegerField(default=4)
    monthly = models.PositiveSmallIntegerField(default=6)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"


class BackupCopy(models.Model):
    """A copy of the base: made, restored into a scratch place and looked at, and where it is."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        MAKING = "making", _("being made")
        CHECKED = "checked", _("restored and checked")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("removed by rule")

    name = models.CharField(max_length=100)
    place = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.MAKING)
    # The moment for which the plan asked; empty for a copy by hand, which no rule removes.
    due_at = models.DateTimeField(null=True, unique=True)
    begun_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    # What was counted in the restored copy: {"customers": 104233, "claims": ..., "audit": ...}.
    counted = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["-begun_at", "-id"], name="copy_newest")]

    def __str__(self) -> str:
        return self.name


class PersonalKey(models.Model):
    """A person's own key, wrapped; see personal_keys.py. A destroyed one is empty and only tells that it was."""

    name = models.CharField(max_length=16, primary_key=True)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    wrapped = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_kind"],
                condition=models.Q(destroyed_at__isnull=True),
                name="personal_key_once",
            )
        ]
        indexes = [models.Index(fields=["subject", "subject_kind"], name="personal_key_of")]

    def __str__(self) -> str:
        return self.name
