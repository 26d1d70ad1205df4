"""Where customers stand: their stage, their team, the person who looks after them. Each change is a Placement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.trust.actor import Actor, Right, Scope, Stage
from kartoteka.trust.audit import note
from kartoteka.trust.models import Staff, Team
from kartoteka.trust.teams import walls_stand

from .listing import Wish, chosen
from .models import Customer, Identity, Placement, Source
from .news import CustomersChanged

_AT_ONCE = 5000
_RANK = {stage.value: place for place, stage in enumerate(Stage, start=1)}


class CannotHandOver(ValueError):
    """Customers cannot be given there. The message says why."""


class Place(NamedTuple):
    """Where a customer stands."""

    stage: str = ""
    team: int | None = None
    member: int | None = None


def first_place(source: Source, *, by_kind: str, by_key: int) -> Place:
    """Where new customers of a source start: with who typed them in, where that person works in a stage of their own.

    Nowhere until the walls stand.
    """
    if not walls_stand():
        return Place()
    if by_kind == "staff" and (staff := Staff.objects.filter(pk=by_key).first()):
        actor = staff.actor
        if actor.scope is Scope.STAGE:
            stage = min(
                actor.stages, key=lambda each: _RANK[each], default=source.stage or Stage.ATTRACT.value
            )
            return Place(stage, min(actor.teams) if len(actor.teams) == 1 else None, actor.key)
    return Place(source.stage or Stage.ATTRACT.value)


def place_first(customers: Sequence[int]) -> None:
    """Have customers who stand nowhere yet, as they were here before the walls, stand where new ones of their sources
    start: of several sources the latest stage. Inside a transaction.
    """
    if not customers:
        return
    stages = dict.fromkeys(customers, Stage.ATTRACT.value)
    told = Identity.objects.filter(customer__in=bulk.these(customers)).exclude(source__stage="")
    for customer, stage in told.values_list("customer_id", "source__stage").distinct():
        stages[customer] = max(stages[customer], stage, key=lambda each: _RANK[each])
    bulk.update(Customer, ("stage",), ((stage, key) for key, stage in stages.items()))


def hand_over(*, customers: Sequence[int], to: Place, by: Actor, why: str = "") -> int:
    """Give customers to a stage, and there perhaps to a team or a person; how many were moved.

    From now on who sees them is who is there. Only those that `by` sees are moved. Raises CannotHandOver, NotAllowed.
    """
    by.must(Right.HAND_OVER)
    _check(to)
    with transaction.atomic():
        bulk.be_the_writer()
        seen = list(
            Customer.objects.visible_to(by).filter(pk__in=bulk.these(customers)).values_list("pk", flat=True)
        )
        moved = _move(dict.fromkeys(seen, to), by=by, why=why)
        detail = {"stage": to.stage, "team": to.team, "staff": to.member, "customers": len(moved)}
        if len(seen) == 1:
            note(by=by, action="handed over", matter="customer", key=seen[0], detail=detail)
        elif seen:
            note(by=by, action="handed over", matter="base", detail=detail)
    return len(moved)


def hand_over_list(*, wish: Wish, to: Place, by: Actor, why: str = "") -> int:
    """Give everybody whom a list shows to a stage, and there perhaps to a team or a person; how many were moved.

    Some at a time, so that others can write in between. Raises CannotHandOver, NotAllowed.
    """
    by.must(Right.HAND_OVER)
    keys = list(chosen(actor=by, wish=wish).order_by().values_list("pk", flat=True))
    return sum(hand_over(customers=some, to=to, by=by, why=why) for some in bulk.chunks(keys, _AT_ONCE))


def hand_over_all_of(*, member: int, to: int | None, by: Actor, why: str = "") -> int:
    """Give every customer of one person to another (None: to nobody, their team has them); how many there were.

    Asked for with the right to manage staff, when somebody leaves.
    """
    by.must(Right.STAFF)
    if to is not None and (to == member or not Staff.objects.working().filter(pk=to).exists()):
        raise CannotHandOver(_("Choose a colleague who works here."))
    done = 0
    with transaction.atomic():
        bulk.be_the_writer()
        theirs = Customer.objects.filter(member=member).values_list("pk", "stage", "team_id")
        for some in bulk.chunks(theirs.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
            done += len(_move({key: Place(stage, team, to) for key, stage, team in some}, by=by, why=why))
        note(by=by, action="handed over", matter="staff", key=member, detail={"customers": done, "staff": to})
    return done


def first_stages(*, actor: Actor) -> list[Source]:
    """The sources, each with the stage in which its new customers start ("": the first). Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return list(Source.objects.order_by("name"))


def set_first_stages(*, stages: Mapping[int, str], by: Actor) -> int:
    """Let the new customers of sources start in these stages, source -> stage ("": the first); how many sources changed.

    Raises CannotHandOver, NotAllowed.
    """
    by.must(Right.SET_UP)
    if any(stage and stage not in _RANK for stage in stages.values()):
        raise CannotHandOver(_("Choose the stage."))
    with transaction.atomic():
        rows = Source.objects.filter(pk__in=list(stages))
        changed = [row for row in rows if row.stage != stages[row.pk]]
        for row in changed:
            row.stage = stages[row.pk]
            note(
                by=by, action="changed first stage", matter="source", key=row.pk, detail={"stage": row.stage}
            )
        Source.objects.bulk_update(changed, ["stage"])
    return len(changed)


def _check(to: Place) -> None:
    if to.stage not in _RANK:
        raise CannotHandOver(_("Choose the stage."))
    if to.team is not None:
        team = Team.objects.filter(pk=to.team).first()
        if team is None or to.stage not in team.stages:
            raise CannotHandOver(_("This team does not work on that stage. Choose another."))
    if to.member is not None and not Staff.objects.working().filter(pk=to.member).exists():
        raise CannotHandOver(_("Choose a colleague who works here."))


def _move(
    places: Mapping[int, Place], *, by: Actor, why: str, taken_from: Mapping[int, int] | None = None
) -> list[int]:
    """Write where these customers stand from now on, and how they came there; those who stood there are left alone."""
    now = timezone.now()
    before = {
        key: Place(stage, team, member)
        for key, stage, team, member in bulk.fetch(
            Customer, ("id", "stage", "team_id", "member_id"), by="id", among=list(places)
        )
    }
    moved = [key for key, was in before.items() if was != places[key]]
    bulk.update(Customer, ("stage", "team_id", "member_id"), ((*places[key], key) for key in moved))
    keys = bulk.take_ids(Placement, len(moved))
    bulk.insert(
        Placement,
        _COLUMNS,
        [
            (
                *(own, key, *places[key], *before[key], (taken_from or {}).get(key)),
                *(now, by.kind, by.key, by.name, why[:300]),
            )
            for own, key in zip(keys, moved, strict=True)
        ],
    )
    if moved:
        announce(CustomersChanged(customers=tuple(moved)))
    return moved


_COLUMNS = (
    "id", "customer_id", "stage", "team_id", "member_id", "was_stage", "was_team_id", "was_member_id", "taken_from_id",
    "at", "by_kind", "by_key", "by_name", "why",
)  # fmt: skip


def join_places(into: Mapping[int, int], *, by: Actor) -> None:
    """Customers were joined (gone -> kept): of two stages the later one holds, as those who work there know them best.

    So a joining never opens a customer who is looked after to those who attract. Inside the transaction that joins. Whether
    anybody stands anywhere is seen by those who are joined: to ask it of the whole base is to read it all.
    """
    stand = {
        key: Place(*place)
        for key, *place in bulk.fetch(
            Customer, ("id", "stage", "team_id", "member_id"), by="id", among=[*into, *set(into.values())]
        )
    }
    places: dict[int, Place] = {}
    taken: dict[int, int] = {}
    for gone, kept in sorted(into.items()):
        standing = places.get(kept, stand[kept])
        if _RANK.get(stand[gone].stage, 0) > _RANK.get(standing.stage, 0):
            places[kept], taken[kept] = stand[gone], gone
    _move(places, by=by, why=_("joined"), taken_from=taken)


def part_places(stayed: Iterable[int], parted: Iterable[int], *, by: Actor) -> None:
    """Customers were separated: who had taken over the place of one who left stands again where they stood before.

    What was handed over since stays so. Who left stands where they stood when they were joined.
    """
    gone = set(parted)
    if walls_stand():
        # Who was joined before there were teams stands nowhere.
        nowhere = Customer.objects.filter(pk__in=bulk.these(gone), stage="")
        place_first(list(nowhere.values_list("pk", flat=True)))
    rows = list(
        Placement.objects.filter(customer__in=list(stayed)).select_related("taken_from").order_by("at", "pk")
    )
    if not any(row.taken_from_id in gone for row in rows):
        return
    places: dict[int, Place] = {}
    taken: dict[
        int, int
    ] = {}  # whose place it is that holds, so that it is given back when that one leaves, too
    for row in rows:
        # Also who left earlier, while somebody else's place held.
        if row.taken_from is not None and row.taken_from.merged_into_id != row.customer_id:
            places.setdefault(row.customer_id, Place(row.was_stage, row.was_team_id, row.was_member_id))
            continue
        places[row.customer_id] = Place(row.stage, row.team_id, row.member_id)
        taken.pop(row.customer_id, None)
        if row.taken_from_id is not None:
            taken[row.customer_id] = row.taken_from_id
    _move(places, by=by, why=_("separated"), taken_from=taken)
