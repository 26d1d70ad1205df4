"""Roles are data: who may give what, what a change does to who is signed in, and that an owner always stays."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right, Scope
from kartoteka.trust.invitations import new_link
from kartoteka.trust.limits import BadLimit, set_limits
from kartoteka.trust.models import Limits, Role, Staff
from kartoteka.trust.presets import FLOOR, SMALL
from kartoteka.trust.roles import CannotChangeRole, all_roles, remove_role, save_role, use_preset
from kartoteka.trust.signin import look_up, make_link
from kartoteka.trust.staff import CannotChangeStaff, change_role, change_staff, invite, leave, rename
from kartoteka.trust.teams import CannotChangeTeam, remove_team, save_team

pytestmark = pytest.mark.django_db


def member(role: str, name: str = "") -> Staff:
    return Staff.objects.create_user(email=f"{name or role}@example.com", name=name or role, role=role)


def test_a_new_base_has_the_roles_of_a_small_shop() -> None:
    assert [role.key for role, _count in all_roles(actor=SHELL)] == [each.key for each in SMALL]
    assert member("staff").actor.rights == {Right.SEE, Right.CHANGE, Right.REVEAL}
    assert member("owner").actor.rights == frozenset(Right)
    assert member("nonsense").actor.rights == frozenset()


def test_a_set_adds_roles_and_changes_none() -> None:
    save_role(key="staff", name="Counter", rights=["see"], scope="all", by=SHELL)
    assert use_preset(name="floor", by=SHELL) == len(FLOOR) - 2  # the owner and the manager are there
    assert use_preset(name="floor", by=SHELL) == 0
    assert str(Role.objects.get(key="staff")) == "Counter"
    clerk = member("clerk").actor
    assert (clerk.scope, clerk.rights) == (Scope.ONE, {Right.LOOK_UP, Right.CHANGE})
    assert member("marketer").actor.rights == {Right.COUNTS}


def test_rights_are_read_anew_with_every_step() -> None:
    client = Client()
    client.force_login(member("staff"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/customers/").status_code == 200
    save_role(key="staff", name="", rights=["change"], scope="all", by=SHELL)
    assert client.get("/customers/").status_code == 403


def hr() -> Actor:
    """Somebody who manages staff and sees little themselves."""
    save_role(key="", name="Personnel", rights=["staff", "see", "change"], scope="all", by=SHELL)
    return member("personnel").actor


def test_nobody_gives_what_they_do_not_have() -> None:
    by = hr()
    owner, clerk = member("owner"), member("staff")
    for attempt in (
        lambda: invite(email="new@example.com", name="", role="owner", by=by),
        lambda: change_role(staff=clerk, role="manager", by=by),
        lambda: change_role(staff=owner, role="personnel", by=by),
        lambda: leave(staff=owner, by=by),
        lambda: new_link(site="", staff=owner, by=by),
        lambda: save_role(key="personnel", name="P", rights=["staff", "export"], scope="all", by=by),
        lambda: save_role(key="", name="P", rights=["audit"], scope="all", by=by),
        lambda: save_role(key="manager", name="P", rights=["see"], scope="all", by=by),
        lambda: use_preset(name="floor", by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert invite(email="new@example.com", name="", role="personnel", by=by)[0].role == "personnel"


def test_who_is_walled_in_opens_no_wall() -> None:
    save_role(key="", name="Lead", rights=["staff", "see"], scope="stage", by=SHELL)
    lead = member("lead").actor
    with pytest.raises(NotAllowed):
        save_role(key="", name="Open", rights=["see"], scope="all", by=lead)
    with pytest.raises(NotAllowed):
        save_role(key="lead", name="Lead", rights=["see", "staff"], scope="all", by=lead)


def test_the_owner_stays_as_they_are() -> None:
    with pytest.raises(CannotChangeRole):
        save_role(key="owner", name="", rights=[], scope="all", by=SHELL)
    only = member("owner")
    for attempt in (
        lambda: change_role(staff=only, role="staff", by=SHELL),
        lambda: leave(staff=only, by=SHELL),
    ):
        with pytest.raises(CannotChangeStaff):
            attempt()
    Role.objects.create(key="owner", rights=[], scope="counts")
    assert only.actor.rights == frozenset(Right)
    assert only.actor.scope is Scope.ALL


def test_a_role_that_somebody_has_stays() -> None:
    somebody = member("staff")
    with pytest.raises(CannotChangeRole):
        remove_role(key="staff", by=SHELL)
    change_role(staff=somebody, role="manager", by=SHELL)
    remove_role(key="staff", by=SHELL)
    with pytest.raises(CannotChangeStaff):
        change_role(staff=somebody, role="staff", by=SHELL)


def test_names_and_addresses() -> None:
    owner, clerk = member("owner"), member("staff", "clerk")
    link, old = make_link(staff=clerk, by=SHELL), EmailAddress.objects.create(user=clerk, email=clerk.email)
    rename(staff=clerk, name=" Anna   Nowa ", by=clerk.actor)
    clerk.refresh_from_db()
    assert (clerk.name, clerk.email) == ("Anna Nowa", "clerk@example.com")
    with pytest.raises(NotAllowed):
        rename(staff=owner, name="Mine", by=clerk.actor)
    with pytest.raises(NotAllowed):  # whoever has the owner's address comes in as the owner
        change_staff(staff=owner, name="owner", email="mine@example.com", by=hr())
    for name, email in ((" ", "clerk@example.com"), ("Anna", "owner@example.com"), ("Anna", "nonsense")):
        with pytest.raises(CannotChangeStaff):
            change_staff(staff=clerk, name=name, email=email, by=owner.actor)
    assert look_up(link.removeprefix("/enter/")) == clerk
    change_staff(staff=clerk, name="Anna", email="Anna@Example.com", by=owner.actor)
    clerk.refresh_from_db()
    assert (clerk.name, clerk.email) == ("Anna", "anna@example.com")
    assert look_up(link.removeprefix("/enter/")) is None
    assert not EmailAddress.objects.filter(pk=old.pk).exists()


def test_teams() -> None:
    use_preset(name="floor", by=SHELL)
    anna = member("sales", "anna")
    assert (anna.actor.stages, anna.actor.teams) == (frozenset(), frozenset())
    north = save_team(team=None, name="North", stages=["sell"], staff=[anna.pk], by=SHELL)
    assert (anna.actor.stages, anna.actor.teams) == ({"sell"}, {north.pk})
    save_team(team=north.pk, name="North", stages=["sell", "attract"], staff=[anna.pk], by=SHELL)
    assert anna.actor.stages == {"sell", "attract"}
    for name, stages in (("", ["sell"]), ("South", []), ("South", ["nonsense"]), ("North", ["sell"])):
        with pytest.raises(CannotChangeTeam):
            save_team(team=None, name=name, stages=stages, staff=[], by=SHELL)
    remove_team(team=north.pk, by=SHELL)
    assert anna.actor.stages == frozenset()


@pytest.mark.parametrize(
    "given", [{"reveals": "-1"}, {"views": "many"}, {"opens": "25"}, {"reasons": " \n "}]
)
def test_limits_that_cannot_be(given: dict[str, str]) -> None:
    with pytest.raises(BadLimit):
        set_limits(given=given, by=SHELL)
    assert Limits.now().reveals == 30


def test_limits_are_the_owners() -> None:
    set_limits(given={"reveals": "3", "reasons": "call\nwarranty\n\n"}, by=SHELL)
    assert (Limits.now().reveals, Limits.now().reasons, Limits.now().reaches) == (3, ["call", "warranty"], 60)
    with pytest.raises(NotAllowed):
        set_limits(given={"reveals": "3"}, by=member("staff").actor)
