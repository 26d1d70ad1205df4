"""Rows of the walls: where a customer stood and who looked at a contact point, each with who, when and why."""

from django.db import models

from kartoteka.trust.actor import STAGE_NAMES
from kartoteka.trust.by import ByActor
from kartoteka.trust.models import Staff, Team


class Placement(ByActor):
    """That a customer was given to a stage, a team, a person: by whom, when and why, and where they stood before."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="placements")
    stage = models.CharField(max_length=8, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    member = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    was_stage = models.CharField(max_length=8, blank=True)
    was_team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    was_member = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    # The customer joined into this one, whose place was taken over; given back when the two are separated.
    taken_from = models.ForeignKey(
        "people.Customer", on_delete=models.CASCADE, null=True, related_name="placements_left", db_index=False
    )
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["taken_from"],
                condition=models.Q(taken_from__isnull=False),
                name="placement_taken",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.stage}"

    @property
    def stage_shown(self) -> str:
        """The stage in words."""
        return str(STAGE_NAMES.get(self.stage, ""))  # type: ignore[call-overload]


class Reveal(ByActor):
    """That somebody saw a contact point whole, or had it dialled or written to. Counted by person and hour."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="reveals")
    # "phones", "emails", "handles", "addresses"
    field = models.CharField(max_length=20)
    # "reveal", "call" or "write"
    way = models.CharField(max_length=10)
    reason = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["by_kind", "by_key", "at"], name="reveal_by")]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.customer_id} {self.field}"
