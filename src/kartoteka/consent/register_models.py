"""The rows of opt-out registers: lists of who wants no advertising, as keyed hashes, and whom of ours they name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import ContactPoint
from kartoteka.trust.by import ByActor


class Register(models.Model):
    """A register in which people ask not to be advertised to, such as a national do-not-call list. The owner's own list."""

    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=150)
    # What numbers without a country belong to; "" where the file has none but e-mails.
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Channel: by which advertising is not wanted.
    channels = models.JSONField(_("channels"), default=list)
    # After so many days its file must not be relied on any more; 0: nobody says.
    days = models.PositiveSmallIntegerField(_("days a file holds"), default=0)

    class Meta:
        verbose_name = _("opt-out register")
        verbose_name_plural = _("opt-out registers")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class RegisterFile(ByActor):
    """A register as its keeper handed it out on a day. The newest that was read whole counts; itself it is not kept."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    heartbeat = models.DateTimeField(null=True)
    stop_asked = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    # The dropped file, sealed, until it was read; how long it is and how far the worker is, in bytes.
    kept_as = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="files")
    as_of = models.DateField(_("of the day"))
    # How many there are in it, and how many lines nothing could be read from.
    count = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    # Empty until the last line is in.
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("file of a register")
        verbose_name_plural = _("files of registers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.register_id}, {self.as_of}"

    @property
    def busy(self) -> bool:
        """Whether it waits or is being read."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How much of it was read, of a hundred."""
        return 100 * self.done // self.size if self.size else 0


class RegisterLine(models.Model):
    """A phone or an e-mail in a register, as 64 bits of a keyed hash: enough to tell those of a shop apart.

    first: the file in which it stood first and since then without a break.
    """

    hash = models.BigIntegerField()
    file = models.ForeignKey(RegisterFile, on_delete=models.CASCADE, related_name="lines", db_index=False)
    first = models.ForeignKey(RegisterFile, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "file"], name="register_line_once")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.hash}"


class Listed(models.Model):
    """A contact point of ours that stands in a register; a consent to be reached there counts if it is given after that."""

    point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="listed", db_index=False)
    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="listed")
    # The first moment after the day of the file in which it stood first.
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("entry in a register")
        verbose_name_plural = _("entries in registers")
        constraints = [models.UniqueConstraint(fields=["point", "register"], name="listed_once")]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.register_id}"
