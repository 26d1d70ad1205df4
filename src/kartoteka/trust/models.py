"""Staff, their one-time sign-in links, tokens of the API, and the audit of who saw and did what."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from .actor import Actor, Right, Scope
from .presets import OWNER, STAFF, is_proposed_small, preset_of


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


class Role(models.Model):
    """A bundle of rights and whom they reach, as the owner has set it up. Nameless, it is called as it was proposed."""

    key = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    rights = models.JSONField(_("rights"), default=list)
    scope = models.CharField(
        _("reaches"), max_length=10, choices=[(each.value, each.name) for each in Scope], default=Scope.ALL
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        proposed = preset_of(self.key)
        return self.name or (str(proposed.name) if proposed else self.key)

    @property
    def known_rights(self) -> frozenset[Right]:
        """Its rights; the owner has all there are, whatever is written."""
        if self.key == OWNER:
            return frozenset(Right)
        known = {right.value for right in Right}
        return frozenset(Right(name) for name in self.rights if name in known)

    @classmethod
    def proposed(cls, key: str) -> "Role":
        """The role that is proposed under this key, not in the base; without any right where there is none."""
        its = preset_of(key)
        if its is None:
            return cls(key=key, rights=[], scope=Scope.COUNTS)
        return cls(key=key, rights=sorted(its.rights), scope=its.scope)

    @classmethod
    def of(cls, key: str) -> "Role":
        """The role of this key as it is now; of a base that has none set up, as it is proposed for a small shop."""
        found = None if key == OWNER else cls.objects.filter(key=key).first()
        return found or cls.proposed(key if is_proposed_small(key) else "")


class Staff(AbstractBaseUser):
    """Somebody who works here and signs in."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=30, default=STAFF)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("works here"), default=True)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)
    # Since when it is known that they are leaving: until then they still work, and what they look at is watched.
    notice_at = models.DateTimeField(_("gave notice"), null=True)

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
        if not self.is_active:
            return Actor(kind="staff", key=self.pk, name=str(self), rights=frozenset())
        role = Role.of(self.role)
        teams = list(Team.objects.filter(memberships__staff=self)) if role.scope == Scope.STAGE else []
        return Actor(
            kind="staff",
            key=self.pk,
            name=str(self),
            rights=role.known_rights,
            scope=Scope(role.scope),
            stages=frozenset(stage for team in teams for stage in team.stages),
            teams=frozenset(team.pk for team in teams),
        )

    def get_full_name(self) -> str:
        """Asked for by the sign-in library."""
        return str(self)


class Team(models.Model):
    """People who work on the same stages. As soon as there is one, the walls stand."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    stages = models.JSONField(_("stages"), default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That somebody is in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "staff"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.staff_id}"


def usual_reasons() -> list[str]:
    """Why somebody may look at a contact point, in the order of the keys 1 to 5."""
    return ["call", "write", "check", "complaint", "other"]


class Limits(models.Model):
    """How far anybody goes before somebody is asked or told; one row, the owner's. Counts are for a person and an hour."""

    reveals = models.PositiveIntegerField(default=30)
    reaches = models.PositiveIntegerField(default=60)
    look_ups = models.PositiveIntegerField(default=60)
    reasons = models.JSONField(default=usual_reasons)
    # An export of more customers than this needs a second person.
    export_alone = models.PositiveIntegerField(default=500)
    # Where the e-mails of invented customers in exports are: a host of the owner's; none: a name reserved for examples.
    canary_host = models.CharField(max_length=200, blank=True)
    # So many cards in an hour are always worth a look; so are cards opened outside these hours.
    views = models.PositiveIntegerField(default=120)
    opens = models.PositiveSmallIntegerField(default=6)
    closes = models.PositiveSmallIntegerField(default=22)

    def __str__(self) -> str:
        return "limits"

    @classmethod
    def now(cls) -> "Limits":
        """As they stand; the usual ones until the owner sets others."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Alarm(models.Model):
    """Something that the owner should look at; raised once for a person, a kind and an hour."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=30)
    actor_kind = models.CharField(max_length=10)
    actor_key = models.BigIntegerField(default=0)
    actor_name = models.CharField(max_length=150)
    # What it is one alarm of: the same thing twice is one row.
    mark = models.CharField(max_length=100, unique=True)
    detail = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=150, blank=True)
    # The owners were told by mail, or it is under way.
    mailed_at = models.DateTimeField(null=True)
    mail_claimed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}: {self.actor_name}"


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
            models.Index(fields=["action", "at", "id"], name="audit_action"),
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
