"""What happens on the site and in apps: who visits, what they did, what they like and how they rate it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Identity, Source


class Visitor(models.Model):
    """Whoever does something on a site, as it knows them: a browser by its anonymous id, or an account by its user id.

    A browser is nobody's until it becomes known whose it is. Then the visitor gets its identity, and all that hangs on the
    visitor, the past too, is that customer's: nothing is rewritten.
    """

    class How(models.TextChoices):
        BROWSER = "browser", _("browser or app")
        ACCOUNT = "account", _("account")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="visitors", db_index=False)
    how = models.CharField(max_length=7, choices=How.choices)
    key = models.CharField(max_length=200)
    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, null=True, related_name="visitors", db_index=False
    )
    first_at = models.DateTimeField(_("first visit"))
    last_at = models.DateTimeField(_("last visit"))
    # When the visit that goes on began, in seconds since 1970: after half an hour of silence another begins.
    session = models.BigIntegerField(default=0)
    # A digest of what was last said of them, so that the same said again is not said twice.
    said = models.BigIntegerField(default=0)
    # Counted from their events that no bot did, on arrival (visits.py).
    visits = models.PositiveIntegerField(_("visits"), default=0)
    views = models.PositiveIntegerField(_("pages seen"), default=0)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [models.UniqueConstraint(fields=["key", "source", "how"], name="visitor_once")]
        indexes = [
            models.Index(
                fields=["identity"], condition=models.Q(identity__isnull=False), name="visitor_of_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.key}"


class Event(models.Model):
    """One thing that was done: a page seen, a product viewed, an order completed."""

    class Kind(models.TextChoices):
        PAGE = "page", _("page")
        SCREEN = "screen", _("screen of an app")
        TRACK = "track", _("event")
        IDENTIFY = "identify", _("said who they are")
        GROUP = "group", _("said where they belong")
        ALIAS = "alias", _("changed their id")

    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="events", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(_("what"), max_length=200, blank=True)
    # 64 bits of a digest of the source and the sender's message id: what is sent twice is taken once, however late.
    message = models.BigIntegerField(unique=True)
    session = models.BigIntegerField()
    url = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=300, blank=True)
    referrer = models.CharField(max_length=300, blank=True)
    # {"source", "medium", "name", "term", "content"}, as far as said.
    campaign = models.JSONField(default=dict)
    properties = models.JSONField(default=dict)
    device = models.CharField(max_length=8, blank=True)
    bot = models.BooleanField(default=False)
    city = models.CharField(max_length=100, blank=True)
    # Whose network it came from, as far as the address tells: a provider, a firm, a university.
    network = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    # Emptied after as many days as the owner says.
    ip = models.CharField(max_length=45, blank=True)
    # What was wrong with it and what we did about that, one a line; "" where all was well.
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["visitor", "at", "id"], name="event_of_visitor"),
            # Comes in nearly in this order, so it costs little to keep; rules ask of the last days, and with this need not
            # open the events themselves.
            models.Index(fields=["at", "visitor", "bot"], name="event_by_time"),
            models.Index(fields=["source", "id"], condition=~models.Q(problem=""), name="event_with_problem"),
            models.Index(fields=["received_at"], condition=~models.Q(ip=""), name="event_with_ip"),
            # The events of a day, for the reports (warehouse/reading.py).
            models.Index(fields=["session"], condition=models.Q(bot=False), name="event_by_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class CategoryViews(models.Model):
    """How often somebody looked at products of a category; counted from their events."""

    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="categories", db_index=False)
    category = models.CharField(max_length=200)
    views = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "category"], name="category_views_once")]

    def __str__(self) -> str:
        return f"{self.category}: {self.views}"


class Favourite(models.Model):
    """A product that somebody put on their wish list, until they took it off."""

    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="favourites", db_index=False)
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["visitor", "sku"], name="favourite_once")]
        indexes = [models.Index(fields=["sku"], name="favourite_by_sku")]

    def __str__(self) -> str:
        return self.name or self.sku


class Rating(models.Model):
    """What somebody thinks of a product: how many of five stars, and in words. The later one holds."""

    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=300, blank=True)
    stars = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [models.UniqueConstraint(fields=["visitor", "sku"], name="rating_once")]
        indexes = [models.Index(fields=["sku"], name="rating_by_sku")]

    def __str__(self) -> str:
        return f"{self.name or self.sku}: {self.stars}"
