"""The rows of the record: sources, batches, customers, identities, claims, contact points, addresses, relations."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

import kartoteka.kit.literals  # noqa: F401 (registers __blank and __besides)
from kartoteka.kit.ids import show_card
from kartoteka.kit.sql_time import MonthDay
from kartoteka.standard.companies import Company, written
from kartoteka.trust.actor import STAGE_NAMES, Actor, Right, Scope
from kartoteka.trust.by import ByActor
from kartoteka.trust.models import Staff, Team

from . import catalogue
from .export_rows import Canary as Canary
from .export_rows import Export as Export
from .placements import Placement as Placement
from .placements import Reveal as Reveal
from .shut_rows import Resealing as Resealing
from .shut_rows import ShutField as ShutField
from .walls import InView


class Source(models.Model):
    """A place where customers touch the business: the shop, the till, a newsletter list, staff."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, default="file")
    trust = models.PositiveSmallIntegerField(_("trust"), default=50)
    # In which stage its new customers start, once the business works in teams; "" is the first.
    stage = models.CharField(_("stage"), max_length=8, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ground(models.TextChoices):
    """The grounds in law for holding somebody's data (GDPR art. 6; the other countries' laws know the same)."""

    CONSENT = "consent", _("they agreed")
    CONTRACT = "contract", _("a contract or an order")
    LEGAL_DUTY = "legal_duty", _("a duty in law")
    VITAL = "vital", _("to protect a life")
    PUBLIC_TASK = "public_task", _("a public task")
    LEGITIMATE_INTEREST = "legitimate_interest", _("our legitimate interest")


class Batch(ByActor):
    """What came in together: one file, one person's edits, one program's calls; with its source and its ground."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    label = models.CharField(_("what"), max_length=255, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.label or str(self.source)


ALIVE = models.Q(merged_into=None)
# Nearly everybody is a person: an index of the others is small, and costs an import next to nothing.
NO_PERSON = models.Q(kind__besides="person")
# Beside what a list is ordered by, so that who is outside somebody's view is passed over without reading their rows.
WALLED_BY = ("stage", "team", "member")
LIST_ORDERS = {
    "sort_name": "name", "made_at": "made", "heard_at": "heard", "completeness": "completeness",
}  # fmt: skip
GAP_COLUMNS = ("phone", "email", "city", "birth", "language")


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Where every read of customers starts."""

    def visible_to(self, actor: Actor) -> "CustomerQuerySet":
        """The customers that `actor` may see; those merged into another stand for nobody any more."""
        if not actor.may(Right.SEE) or actor.scope in (Scope.ONE, Scope.COUNTS):
            return self.none()
        if actor.scope is Scope.ALL:
            return self.filter(merged_into=None)
        member = actor.key if actor.kind == "staff" else None
        in_view = InView(stages=actor.stages, teams=actor.teams, member=member)
        return self.filter(in_view, merged_into=None)

    def open_to(self, actor: Actor) -> "CustomerQuerySet":
        """The customers whose card `actor` may open who names them exactly: those in view, and for who looks up, any."""
        if actor.may(Right.LOOK_UP) and actor.scope is Scope.ONE:
            return self.filter(merged_into=None)
        return self.visible_to(actor)


class Customer(models.Model):
    """One person or organisation, held to be one. Its columns are the record, computed from the claims."""

    class CustomerKind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        HOUSEHOLD = "household", _("household")

    card = models.CharField(_("card number"), max_length=9, unique=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=CustomerKind.choices, default=CustomerKind.PERSON
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    title = models.CharField(max_length=100, blank=True)
    given = models.CharField(max_length=200, blank=True)
    middle = models.CharField(max_length=200, blank=True)
    family = models.CharField(max_length=200, blank=True)
    particle = models.CharField(max_length=50, blank=True)
    suffix = models.CharField(max_length=50, blank=True)
    nickname = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=300, blank=True)
    form = models.CharField(max_length=60, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth = models.CharField(_("date of birth"), max_length=10, blank=True)
    language = models.CharField(max_length=10, blank=True)
    email = models.CharField(_("e-mail"), max_length=320, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Everything of the record that has no column: lists, details, own fields.
    more = models.JSONField(default=dict)
    # Folded family and given name (or company), for lists in the order people expect.
    sort_name = models.CharField(max_length=300, blank=True)
    photo = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField(_("since"))
    changed_at = models.DateTimeField(_("changed"))
    # When somebody or some source last said anything of this customer: how fresh the record is.
    heard_at = models.DateTimeField(_("last heard of"))
    # Field -> day on which the oldest of its facts was last told, where that is before heard_at (freshness.Told).
    told = models.JSONField(default=dict)
    # The last day on which every fact is fresh; empty where nothing known grows stale.
    due_on = models.DateField(_("to confirm after"), null=True)
    completeness = models.PositiveSmallIntegerField(_("complete"), default=0)
    # Where they stand now, said last by a Placement: "" until the business works in teams.
    stage = models.CharField(_("stage"), max_length=8, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    member = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_here", db_index=False
    )

    # A copy for showing, with contact points hidden (people/veil.py).
    is_veiled = False

    objects: ClassVar[models.Manager["Customer"]] = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        # Lists show only who stands for somebody; an index over merged_into as such would have them all in one heap.
        indexes = [
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="customer_merged"
            ),
            *(
                models.Index(
                    fields=[column, "id", *WALLED_BY, *(["kind"] if name == "name" else [])],
                    condition=ALIVE,
                    name=f"customer_by_{name}",
                )
                for column, name in LIST_ORDERS.items()
            ),
            # Worklists of gaps: only who lacks the column stands in its index.
            *(
                models.Index(
                    fields=["sort_name", "id", *WALLED_BY],
                    condition=ALIVE & models.Q(**{f"{column}__blank": True}),
                    name=f"customer_no_{column}",
                )
                for column in GAP_COLUMNS
            ),
            models.Index(
                fields=["sort_name", "id", *WALLED_BY],
                condition=ALIVE & models.Q(name__blank=True, company__blank=True),
                name="customer_no_name",
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=ALIVE & models.Q(due_on__isnull=False),
                name="customer_by_due",
            ),
            models.Index(
                fields=["kind", "sort_name", "id", *WALLED_BY],
                condition=ALIVE & NO_PERSON,
                name="customer_by_kind",
            ),
            # Of all: where it has those who stand for somebody only, SQLite takes it for the quickest way to read these.
            models.Index(MonthDay("birth"), name="customer_by_birthday"),
            models.Index(
                fields=["member"], condition=models.Q(member__isnull=False), name="customer_of_member"
            ),
        ]

    def __str__(self) -> str:
        return self.display

    @property
    def display(self) -> str:
        """What the customer is called on screen."""
        return self.name or self.firm or self.nickname or self.email or self.phone or self.card_shown

    @property
    def firm(self) -> str:
        """The company with its legal form, where its country puts it: "PPHU Kowalski", "Kowalski Sp. z o.o."."""
        return written(Company(self.company, self.form))

    @property
    def card_shown(self) -> str:
        """The card number as it is read out."""
        return show_card(self.card)

    @property
    def stage_shown(self) -> str:
        """The stage in words; "" where there is none."""
        return str(STAGE_NAMES.get(self.stage, ""))  # type: ignore[call-overload]


class Identity(models.Model):
    """One customer as one source knows them: shop account 881, row 17 of a spreadsheet."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="identities", db_index=False)
    key = models.CharField(max_length=200)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="identities", db_index=False
    )
    # The identity beside which this one was put when it arrived; it goes along when that one is split off.
    beside = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="companions", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="identity_once")]
        indexes = [
            models.Index(fields=["customer", "source"], name="identity_of"),
            models.Index(fields=["beside"], condition=models.Q(beside__isnull=False), name="identity_beside"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.key}"


class Claim(models.Model):
    """What one source said of one identity at one time: standard values, and what was typed."""

    class Standing(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        STATED = "stated", _("stated")
        DERIVED = "derived", _("derived")

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="claims", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="claims", db_index=False)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.STATED)
    at = models.DateTimeField()
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(null=True)
    values = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # Without a row there may be many; a batch's claims are found by this as well.
            models.UniqueConstraint(fields=["batch", "sheet", "row"], name="claim_once_a_row")
        ]
        indexes = [models.Index(fields=["identity", "at", "id"], name="claim_of")]

    def __str__(self) -> str:
        return f"{self.identity_id}, {self.at:%Y-%m-%d}"


class ContactPoint(models.Model):
    """An address in the world: an e-mail or a phone number. What is known of it holds for all who share it."""

    kind = models.CharField(max_length=5, choices=[("email", _("e-mail")), ("phone", _("phone"))])
    value = models.CharField(max_length=320)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [models.UniqueConstraint(fields=["value", "kind"], name="contact_point_once")]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(verified_at__isnull=False), name="contact_point_verified"
            )
        ]

    def __str__(self) -> str:
        return self.value


class Contact(models.Model):
    """That a customer can be reached at a contact point: label, preference, hours, language. Part of the record."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="contacts")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=40, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    preferred = models.BooleanField(default=False)
    hours = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.UniqueConstraint(fields=["customer", "point"], name="contact_once")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.point_id}"


class Relation(models.Model):
    """How two customers belong together. It hangs on identities, so that a merge or a split takes it along."""

    class RelationKind(models.TextChoices):
        WORKS_FOR = "works_for", _("works for")
        BOSS = "boss", _("has as boss")
        SPOUSE = "spouse", _("is married to")
        CHILD = "child", _("is a child of")
        SIBLING = "sibling", _("is a brother or sister of")
        REFERRED_BY = "referred_by", _("was referred by")

    one = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="relations_back")
    kind = models.CharField(max_length=12, choices=RelationKind.choices)
    role = models.CharField(_("role"), max_length=100, blank=True)
    hours = models.CharField(_("hours"), max_length=100, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    # The import that said so, with which it goes; empty where a person did.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="relations")

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [models.UniqueConstraint(fields=["one", "other", "kind"], name="relation_once")]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"


class Photo(models.Model):
    """A picture of a customer, re-encoded by us and kept encrypted. The newest of a customer's is shown."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name


class OwnField(models.Model):
    """A field that the business added to the catalogue."""

    key = models.SlugField(_("key"), max_length=50, unique=True)
    label = models.CharField(_("label"), max_length=100)
    type = models.CharField(_("type"), max_length=20)
    kind = models.CharField(_("kind of information"), max_length=12, default=catalogue.Kind.SEMANTIC)
    block = models.CharField(_("block"), max_length=12, default=catalogue.Block.GENERAL)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    choices = models.JSONField(_("choices"), default=list)
    pattern = models.CharField(_("pattern"), max_length=200, blank=True)
    least = models.DecimalField(_("least"), max_digits=18, decimal_places=4, null=True)
    most = models.DecimalField(_("most"), max_digits=18, decimal_places=4, null=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=0)
    fresh_days = models.PositiveIntegerField(_("days until stale"), default=0)
    position = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class FieldWeight(models.Model):
    """How much the owner lets a built-in field count in completeness, and after how many days it is stale."""

    key = models.CharField(max_length=50, unique=True)
    weight = models.PositiveSmallIntegerField()
    fresh_days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key


class Recount(models.Model):
    """The completeness and due days of all customers are counted anew: how far it is. The newest without an end counts."""

    asked_at = models.DateTimeField()
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The key of the last customer who is done.
    reached = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        """How far it is."""
        return min(100, 100 * self.done // self.customers) if self.customers else 0
