"""Teams: who works on which stages. With the first team the walls stand."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kartoteka.kit.news import announce

from .actor import Actor, Right, Stage
from .audit import note
from .models import Membership, Staff, Team
from .news import TeamsChanged


class CannotChangeTeam(ValueError):
    """A team cannot be so. The message says why."""


def walls_stand() -> bool:
    """Whether the business works in teams, so that each customer has a stage."""
    return Team.objects.exists()


def all_teams(*, actor: Actor) -> list[tuple[Team, list[int]]]:
    """The teams, each with the keys of who is in them. Raises NotAllowed."""
    actor.must(Right.STAFF)
    rows = Team.objects.prefetch_related("memberships")
    return [(team, [each.staff_id for each in team.memberships.all()]) for team in rows]


def teams_to_choose() -> list[Team]:
    """The teams to whom a customer can be given."""
    return list(Team.objects.all())


def colleagues() -> list[Staff]:
    """The people to whom a customer can be given."""
    return list(Staff.objects.working().order_by("name", "email"))


def colleagues_to_choose() -> list[tuple[str, str]]:
    """The colleagues' keys and names; those of one name with their e-mail, so that they are told apart."""
    people = colleagues()
    often = Counter(str(each) for each in people)
    return [
        (str(each.pk), f"{each} ({each.email})" if often[str(each)] > 1 else str(each)) for each in people
    ]


def colleague(email: str) -> int | None:
    """The key of the colleague with this e-mail, who still works here."""
    found = Staff.objects.working().filter(email__iexact=email.strip())
    return found.values_list("pk", flat=True).first()


def save_team(*, team: int | None, name: str, stages: Iterable[str], staff: Iterable[int], by: Actor) -> Team:
    """Add a team (None), or change one: its name, the stages it works on, who is in it. Raises CannotChangeTeam."""
    by.must(Right.STAFF)
    wanted = [stage.value for stage in Stage if stage in set(stages)]
    name = " ".join(name.split())[:100]
    if not name:
        raise CannotChangeTeam(_("Give the team a name."))
    if not wanted:
        raise CannotChangeTeam(_("Choose at least one stage that the team works on."))
    with transaction.atomic():
        if Team.objects.filter(name=name).exclude(pk=team or 0).exists():
            raise CannotChangeTeam(_("There is a team of this name already."))
        row = Team.objects.filter(pk=team).first() if team is not None else Team()
        if row is None:
            raise CannotChangeTeam(_("There is no such team any more."))
        row.name, row.stages = name, wanted
        row.save()
        Membership.objects.filter(team=row).delete()
        members = list(Staff.objects.working().filter(pk__in=list(staff)).values_list("pk", flat=True))
        Membership.objects.bulk_create(Membership(team=row, staff_id=each) for each in members)
        note(
            by=by,
            action="changed team",
            matter="team",
            key=row.pk,
            detail={"stages": wanted, "staff": members},
        )
        announce(TeamsChanged())
    return row


def remove_team(*, team: int, by: Actor) -> None:
    """Dissolve a team: its customers belong to their stage, and to whom they were given. Raises CannotChangeTeam."""
    by.must(Right.STAFF)
    with transaction.atomic():
        if Team.objects.filter(pk=team).delete()[0]:
            note(by=by, action="removed team", matter="team", key=team)
