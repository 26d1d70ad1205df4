"""The numbers of behaviour: one row an identity, counted from its rows, and one row a customer, summed up from those."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.fixed import FixedField
from kartoteka.people.models import Customer, Identity


class Numbers(models.Model):
    """The columns of both. facts.COLUMNS says how a customer's is made of their identities'.

    Each has a default in the database, so that whoever counts one kind of thing need not know of the others.
    """

    orders = models.PositiveIntegerField(_("orders"), db_default=0)
    cancelled = models.PositiveIntegerField(_("cancelled orders"), db_default=0)
    unpaid = models.PositiveIntegerField(_("unpaid orders"), db_default=0)
    # Of the orders that had a day to be paid by and were: how many in time, how many late, by how many days in all.
    paid_in_time = models.PositiveIntegerField(_("orders paid in time"), db_default=0)
    paid_late = models.PositiveIntegerField(_("orders paid late"), db_default=0)
    late_days = models.PositiveIntegerField(_("days late in all"), db_default=0)
    first_order_at = models.DateTimeField(_("first order"), null=True)
    last_order_at = models.DateTimeField(_("last order"), null=True)
    # The first and the last by the alphabet: where they are the same, all orders are in it.
    currency = models.CharField(max_length=3, null=True)
    currency_too = models.CharField(max_length=3, null=True)
    # In that one currency; empty where there are several, as they cannot be added up.
    net = FixedField(_("net revenue"), null=True)
    returned = FixedField(_("returned"), null=True)
    # In the business's own, by the rate of each day; of the orders of which it is known. unrated: how many are not.
    net_home = FixedField(_("net revenue in our currency"), db_default=0)
    cost_home = FixedField(_("cost in our currency"), db_default=0)
    unrated = models.PositiveIntegerField(db_default=0)
    # On the site; what bots did is not counted.
    visits = models.PositiveIntegerField(_("visits of the site"), db_default=0)
    views = models.PositiveIntegerField(_("pages seen"), db_default=0)
    last_visit_at = models.DateTimeField(_("last visit of the site"), null=True)

    class Meta:
        abstract = True

    @property
    def basket(self) -> Decimal | None:
        """What an order comes to on average, in `currency`; None where there is no order, or several currencies."""
        return self.net / self.orders if self.orders and self.net is not None else None


class IdentityFacts(Numbers):
    """The numbers of one identity."""

    identity = models.OneToOneField(
        Identity, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )

    def __str__(self) -> str:
        return str(self.identity_id)


class CustomerFacts(Numbers):
    """The numbers of one customer: those of their identities, summed up."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    # The last sign of them, of whatever kind.
    last_seen_at = models.DateTimeField(_("last seen"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["last_order_at", "customer"], name="facts_by_last_order"),
            models.Index(fields=["orders", "customer"], name="facts_by_orders"),
            models.Index(fields=["net_home", "customer"], name="facts_by_net"),
            models.Index(fields=["last_seen_at", "customer"], name="facts_by_seen"),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)
