"""The rows of orders: products, orders with their lines, payments, refunds and states, and the rates of currencies."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.fixed import FixedField
from kartoteka.people.models import Batch, Customer, Identity, Source
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.by import ByActor

RATE_PLACES = 10


class State(models.TextChoices):
    """Where an order is on its way."""

    PLACED = "placed", _("placed")
    PAID = "paid", _("paid")
    PACKED = "packed", _("packed")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    RETURNED = "returned", _("returned")
    CANCELLED = "cancelled", _("cancelled")


class Product(models.Model):
    """What stands in lines of orders. cost: what one costs us, in `currency`; empty where it is not known.

    kind: whether it is sold, or a charge, which counts in every total but is no part of a basket. Guessed when the product
    is first told of (standard.charges), until somebody says so: kind_said.
    """

    class Kind(models.TextChoices):
        SOLD = "sold", _("sold")
        CHARGE = "charge", _("charge")

    sku = models.CharField(_("article number"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=300, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    cost = FixedField(_("cost"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SOLD, db_default=Kind.SOLD)
    kind_said = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["name", "id"], name="product_by_name"),
            models.Index(fields=["kind", "name", "id"], name="product_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name or self.sku


class Rate(ByActor):
    """What one unit of a currency was worth in the business's own, from this day until the next that is told."""

    currency = models.CharField(_("currency"), max_length=3)
    day = models.DateField(_("day"))
    rate = FixedField(_("rate"), places=RATE_PLACES)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [models.UniqueConstraint(fields=["currency", "day"], name="rate_once")]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"


class HomeCurrency(ByActor):
    """The one row of the business's own currency. said: somebody chose it; else it is that of the first orders."""

    code = models.CharField(_("currency"), max_length=3)
    said = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Revaluing(models.Model):
    """All orders are counted anew in another currency: how far it is. The newest without an end counts."""

    asked_at = models.DateTimeField()
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The key of the last order of nobody that is done, then that of the last identity whose orders are.
    reached_nobodys = models.BigIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        """How far it is."""
        return min(100, 100 * self.done // self.orders) if self.orders else 0


class OrderQuerySet(models.QuerySet["Order"]):
    """Where every read of orders starts."""

    def visible_to(self, actor: Actor) -> "OrderQuerySet":
        """The orders of the customers that `actor` sees; those of nobody for who sees the whole base."""
        if not actor.may(Right.SEE):
            return self.none()
        if not actor.walled:
            return self
        return self.filter(identity__customer__in=Customer.objects.visible_to(actor))


class Order(models.Model):
    """One order, as its source told it last. Amounts are in `currency`.

    rate: what one unit of it was worth in the business's currency on that day; empty where nobody has said. total: what is
    to be paid. net: what the business took for it: no tax on top, less discounts, what came back, was called off or
    given back. net_home, cost_home: in the business's currency, by `rate`. sale: that something was sold (not cancelled,
    and not only taken back). cost: of the goods, where each is known. owed: what is still to be paid, empty where nothing
    was told of payment; unpaid: that it is more than nothing. paid_at: when the last of it came; late_days: how many days
    after `due_on` that was, 0 for in time.
    """

    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, null=True, related_name="orders", db_index=False
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="orders", db_index=False)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="orders", db_index=False
    )
    key = models.CharField(max_length=200)
    number = models.CharField(_("number"), max_length=100, blank=True)
    at = models.DateTimeField(_("placed"))
    channel = models.CharField(_("channel"), max_length=50, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLACED)
    state_at = models.DateTimeField(_("since"))
    place = models.CharField(_("where the goods are"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    rate = FixedField(_("rate"), places=RATE_PLACES, null=True)
    # As told: what the order as a whole adds to its lines, or takes off. said_total is empty where it was not told.
    said_total = FixedField(null=True)
    discount = FixedField(_("discount"), default=0)
    shipping = FixedField(_("shipping"), default=0)
    tax = FixedField(_("tax"), default=0)
    # As counted (counting.py).
    total = FixedField(_("total"))
    net = FixedField(_("net"))
    cost = FixedField(_("cost"), null=True)
    net_home = FixedField(null=True)
    cost_home = FixedField(null=True)
    returned = FixedField(_("returned"), default=0)
    paid = FixedField(_("paid"), default=0)
    refunded = FixedField(_("refunded"), default=0)
    owed = FixedField(_("open"), null=True)
    unpaid = models.BooleanField(default=False)
    sale = models.BooleanField(default=True)
    line_count = models.PositiveIntegerField(default=0)
    due_on = models.DateField(_("due"), null=True)
    paid_at = models.DateTimeField(_("paid on"), null=True)
    late_days = models.PositiveIntegerField(null=True)
    coupon = models.CharField(_("coupon"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    # Of what was told, so that the same telling twice is known for one.
    digest = models.CharField(max_length=32)

    # The first of its lines, where a read brings them along.
    shown_lines: Sequence["OrderLine"] = ()

    objects: ClassVar[models.Manager["Order"]] = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="order_once")]
        indexes = [
            models.Index(fields=["at", "id"], name="order_by_time"),
            models.Index(
                # With what rules ask of every order, so that they need not open the orders themselves.
                fields=["identity", "at", "id", "sale"],
                condition=models.Q(identity__isnull=False),
                name="order_of_identity",
            ),
            models.Index(fields=["state", "at", "id"], name="order_by_state"),
            models.Index(fields=["channel", "at", "id"], name="order_by_channel"),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="order_of_batch"),
            models.Index(fields=["number"], name="order_by_number"),
            models.Index(fields=["at", "id"], condition=models.Q(unpaid=True), name="order_unpaid"),
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(unpaid=True, due_on__isnull=False),
                name="order_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.key


class OrderLine(models.Model):
    """One line of an order. net: what it comes to, less its discount. identity and at are the order's, for counting."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="lines")
    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, null=True, related_name="order_lines", db_index=False
    )
    at = models.DateTimeField()
    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=300, blank=True)
    quantity = FixedField(_("quantity"))
    price = FixedField(_("price"))
    discount = FixedField(_("discount"), default=0)
    tax = FixedField(_("tax"), default=0)
    cost = FixedField(_("cost"), null=True)
    net = FixedField(_("net"))
    key = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        indexes = [
            models.Index(
                fields=["identity", "at"],
                condition=models.Q(identity__isnull=False),
                name="order_line_of",
            ),
            # What rules add up of the last days, so that they need not open lines that lie apart.
            models.Index(
                fields=["at", "identity", "order", "product", "quantity", "net"],
                condition=models.Q(identity__isnull=False),
                name="order_line_by_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class Payment(ByActor):
    """Money that came in for an order. by_hand: a person noted it; a later telling of the source leaves it alone."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments", db_index=False)
    key = models.CharField(max_length=100)
    at = models.DateTimeField(_("when"))
    amount = FixedField(_("amount"))
    method = models.CharField(_("how"), max_length=50, blank=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="payment_once")]

    def __str__(self) -> str:
        return f"{self.amount}, {self.at:%Y-%m-%d}"


class Refund(models.Model):
    """Money given back of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds", db_index=False)
    key = models.CharField(max_length=100)
    at = models.DateTimeField(_("when"))
    amount = FixedField(_("amount"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    # What came back with it, as told: [{"sku", "name", "quantity", "price"}]
    lines = models.JSONField(default=list)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="refund_once")]

    def __str__(self) -> str:
        return f"{self.amount}, {self.at:%Y-%m-%d}"


class OrderState(ByActor):
    """An order came into a state: when, who moved it, and where the goods were."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    at = models.DateTimeField(_("when"))
    place = models.CharField(_("where the goods are"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("state of an order")
        verbose_name_plural = _("states of orders")

    def __str__(self) -> str:
        return f"{self.state}, {self.at:%Y-%m-%d}"


class EarlierTelling(models.Model):
    """What was told of an order before a batch told it anew, so that undoing the batch gives it back."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="earlier_tellings", db_index=False
    )
    # The batch that told it anew, and the one that had told what is kept here.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    was = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    said = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "batch"], name="earlier_telling_once")]

    def __str__(self) -> str:
        return f"{self.order_id}, {self.batch_id}"
