"""The rows of worth: the owner's rates, runs of the counting, what was counted of each customer, what goes with what."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.activity.models import Product
from kartoteka.kit.fixed import FixedField
from kartoteka.people.models import Customer


class WorthRates(models.Model):
    """The one row of what the owner says: what serving costs, and who is served how."""

    minute_of_call = FixedField(_("a minute of a call"), default=0)
    minute_of_visit = FixedField(_("a minute of a visit"), default=0)
    message = FixedField(_("a message that we write"), default=0)
    # Minutes, for talks of which nobody noted how long they were.
    usual_call = models.PositiveSmallIntegerField(_("usual length of a call"), default=5)
    usual_visit = models.PositiveSmallIntegerField(_("usual length of a visit"), default=30)
    # Percent of the price that is left after the cost of the goods, for orders of which the cost is not known.
    margin = models.PositiveSmallIntegerField(_("margin where the cost is not known"), null=True)
    # Percent of the buying customers, from the most profitable down.
    level_a = models.PositiveSmallIntegerField(_("share with level A"), default=10)
    level_b = models.PositiveSmallIntegerField(_("share with level A or B"), default=40)
    discount = models.PositiveSmallIntegerField(_("yearly discount of money to come"), default=10)

    def __str__(self) -> str:
        return str(_("rates"))


class WorthRun(models.Model):
    """One counting of everybody's worth: when, with what parameters, and how well they fit."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    asked_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("counted"), null=True)
    problem = models.CharField(max_length=300, blank=True)
    customers = models.PositiveIntegerField(default=0)
    # forecast.as_data: parameters with their intervals, the hold-out test, whether to believe it.
    fit = models.JSONField(default=dict)
    # The whole base's curves, cohorts and cells, as the page draws them.
    shape = models.JSONField(default=dict)
    # advice.Trial of the reasons that may be shown; empty where none beats the best sellers.
    trial = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("counting of worth")
        verbose_name_plural = _("countings of worth")
        indexes = [models.Index(fields=["state", "asked_at"], name="worth_run_due")]

    def __str__(self) -> str:
        return f"{self.state}, {self.asked_at:%Y-%m-%d}"


class GroupShape(models.Model):
    """What was counted of a large group, by the worker when a page asks. key: groups.Group.key; shape: as its matter has
    it, shapes.py."""

    class Matter(models.TextChoices):
        STANDS = "stands", _("how it stands")
        BASKETS = "baskets", _("what goes with what")

    key = models.CharField(max_length=40)
    matter = models.CharField(max_length=10, choices=Matter, db_default=Matter.STANDS)
    asked_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    customers = models.PositiveIntegerField(default=0)
    shape = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "matter"], name="group_shape_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.matter}"


class CustomerWorth(models.Model):
    """What was counted of one customer who has bought something. Money is in the business's currency.

    frequency, silent: by their own rhythm (rhythm.py). r, f, m, cell: rfm.py. The rest: forecast.py.
    """

    class Frequency(models.TextChoices):
        ONCE = "once", _("once")
        RARE = "rare", _("rare")
        REGULAR = "regular", _("regular")

    class Level(models.TextChoices):
        A = "A", _("A")
        B = "B", _("B")
        C = "C", _("C")

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="worth"
    )
    counted_at = models.DateTimeField()
    purchases = models.PositiveIntegerField(_("purchases"))
    last_on = models.DateField(_("last purchase"))
    revenue = FixedField(_("revenue"))
    # Of the last year: what was left after goods and serving.
    served = FixedField(_("cost to serve"))
    profit = FixedField(_("profit"))
    level = models.CharField(_("service level"), max_length=1, choices=Level.choices)
    frequency = models.CharField(_("frequency"), max_length=8, choices=Frequency.choices)
    rhythm = models.FloatField(_("days between purchases"), null=True)
    silent = models.BooleanField(_("silent"), default=False)
    r = models.PositiveSmallIntegerField()
    f = models.PositiveSmallIntegerField()
    m = models.PositiveSmallIntegerField()
    cell = models.CharField(_("cell"), max_length=12)
    # By the model; empty where there is none to believe.
    alive = models.FloatField(_("still a customer"), null=True)
    expected = models.FloatField(_("purchases in the coming year"), null=True)
    next_on = models.DateField(_("next purchase by"), null=True)
    value = FixedField(_("value of a purchase"))
    lifetime = FixedField(_("revenue expected in the coming year"), null=True)
    at_stake = FixedField(_("at stake"))

    class Meta:
        indexes = [
            models.Index(
                fields=["at_stake", "customer"], condition=models.Q(silent=True), name="worth_silent"
            ),
            models.Index(fields=["level", "customer"], name="worth_by_level"),
            models.Index(fields=["cell", "customer"], name="worth_by_cell"),
            models.Index(fields=["frequency", "customer"], name="worth_by_frequency"),
            models.Index(fields=["lifetime", "customer"], name="worth_by_lifetime"),
            models.Index(fields=["profit", "customer"], name="worth_by_profit"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.level}"

    @property
    def rhythm_days(self) -> int | None:
        """Whole days between purchases, at least 1; None for who bought once."""
        return None if self.rhythm is None else max(1, round(self.rhythm))


class GoesWith(models.Model):
    """Who buys `product` also buys `other`: in one basket, or the same customers. Counts are of baskets or customers."""

    class Why(models.TextChoices):
        WITH = "with", _("in one basket")
        ALIKE = "alike", _("by the same customers")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="goes_with", db_index=False)
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    why = models.CharField(max_length=5, choices=Why.choices)
    both = models.PositiveIntegerField()
    of_product = models.PositiveIntegerField()
    of_other = models.PositiveIntegerField()
    all = models.PositiveIntegerField()
    confidence = models.FloatField()
    lift = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "why", "other"], name="goes_with_once")]
        indexes = [
            models.Index(fields=["other"], name="goes_with_other"),
            models.Index(fields=["why", "confidence", "id"], name="goes_with_best"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.other_id}"

    @property
    def support(self) -> float:
        """The share of all baskets, or customers, that have both."""
        return self.both / self.all
