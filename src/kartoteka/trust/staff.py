"""Staff: invited, named, given a role, gone. The last owner stays."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .actor import Actor, Right
from .audit import note
from .models import Staff, Token
from .presets import OWNER
from .roles import check_may_give, roles
from .sessions import end_sessions_of
from .signin import make_link


class CannotChangeStaff(ValueError):
    """This cannot be done with this member of staff. `field` names what to change, the message says why."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def all_staff(*, actor: Actor) -> QuerySet[Staff]:
    """Everybody who works or worked here, those who left last."""
    actor.must(Right.STAFF)
    return Staff.objects.order_by("-is_active", "name", "email")


def one_of_staff(*, actor: Actor, key: int) -> Staff | None:
    """A member of staff by key; None where there is nobody."""
    actor.must(Right.STAFF)
    return Staff.objects.filter(pk=key).first()


def all_tokens(*, actor: Actor) -> QuerySet[Token]:
    """The tokens of the API, the ended ones last."""
    actor.must(Right.STAFF)
    return Token.objects.select_related("made_by").order_by("ended_at", "name")


def invite(*, email: str, name: str, role: str, by: Actor) -> tuple[Staff, str]:
    """A new member of staff and the path of the link that signs them in the first time.

    Raises CannotChangeStaff for an address that is none or that somebody has already.
    """
    by.must(Right.STAFF)
    address = _address(email)
    _check_role(role, by=by)
    if Staff.objects.filter(email=address).exists():
        raise CannotChangeStaff(_("Somebody with this e-mail works here already."), field="email")
    with transaction.atomic():
        staff = Staff.objects.create_user(email=address, name=_tidy(name), role=role)
        note(by=by, action="invited", matter="staff", key=staff.pk, detail={"role": role})
        return staff, make_link(staff=staff, by=by)


def rename(*, staff: Staff, name: str, by: Actor) -> None:
    """Call somebody otherwise from now on: oneself, or whoever one may give their role. What was done under the earlier
    name stays told under it. Raises CannotChangeStaff for a name that is empty, NotAllowed.
    """
    if by.kind != "staff" or by.key != staff.pk:
        by.must(Right.STAFF)
        check_may_give(staff.role, by=by)
    wanted = _tidy(name)
    if not wanted:
        raise CannotChangeStaff(_("Write a name."), field="name")
    with transaction.atomic():
        if Staff.objects.filter(pk=staff.pk).exclude(name=wanted).update(name=wanted):
            note(by=by, action="renamed", matter="staff", key=staff.pk)


def change_staff(*, staff: Staff, name: str, email: str, by: Actor) -> None:
    """Another name, another e-mail address for somebody. Codes and links to come in go to the new address; those on their
    way to the old one end.

    Whoever has the address can come in as them, so it takes the rights of their role. Raises CannotChangeStaff for an
    address that is none or that somebody has already, NotAllowed.
    """
    by.must(Right.STAFF)
    check_may_give(staff.role, by=by)
    from allauth.account.models import EmailAddress

    with transaction.atomic():
        rename(staff=staff, name=name, by=by)
        if email.strip().lower() == staff.email:
            return
        address = _address(email)
        if Staff.objects.exclude(pk=staff.pk).filter(email=address).exists():
            raise CannotChangeStaff(_("Somebody with this e-mail works here already."), field="email")
        if Staff.objects.filter(pk=staff.pk).exclude(email=address).update(email=address):
            staff.links.filter(used_at=None).delete()
            EmailAddress.objects.filter(user_id=staff.pk).delete()
            note(by=by, action="changed e-mail", matter="staff", key=staff.pk)


def change_role(*, staff: Staff, role: str, by: Actor) -> None:
    """Give somebody another role. Raises CannotChangeStaff for the last owner."""
    by.must(Right.STAFF)
    _check_role(role, by=by)
    check_may_give(staff.role, by=by)
    with transaction.atomic():
        if role != OWNER:
            _not_the_last_owner(staff)
        Staff.objects.filter(pk=staff.pk).update(role=role)
        note(by=by, action="changed role", matter="staff", key=staff.pk, detail={"role": role})


def leave(*, staff: Staff, by: Actor) -> None:
    """Somebody no longer works here: sessions, links and tokens of theirs end. What they did stays told."""
    by.must(Right.STAFF)
    check_may_give(staff.role, by=by)
    with transaction.atomic():
        _not_the_last_owner(staff)
        Staff.objects.filter(pk=staff.pk).update(is_active=False)
        staff.links.all().delete()
        Token.objects.filter(made_by=staff, ended_at=None).update(ended_at=timezone.now())
        end_sessions_of(staff)
        note(by=by, action="ended work", matter="staff", key=staff.pk)


def give_notice(*, staff: Staff, by: Actor) -> None:
    """Note that somebody is leaving: they work on, and what they look at is watched more closely."""
    by.must(Right.STAFF)
    check_may_give(staff.role, by=by)
    if Staff.objects.filter(pk=staff.pk, notice_at=None).update(notice_at=timezone.now()):
        note(by=by, action="gave notice", matter="staff", key=staff.pk)


def come_back(*, staff: Staff, by: Actor) -> None:
    """Somebody works here again."""
    by.must(Right.STAFF)
    check_may_give(staff.role, by=by)
    Staff.objects.filter(pk=staff.pk).update(is_active=True, notice_at=None)
    note(by=by, action="came back", matter="staff", key=staff.pk)


def _tidy(name: str) -> str:
    return " ".join(name.split())[:150]


def _address(email: str) -> str:
    from kartoteka.standard import emails

    found = [each.value for each in emails.standardise(email) if each.value]
    if len(found) != 1 or found[0] is None:
        raise CannotChangeStaff(_("Write one e-mail address, such as anna@example.com."), field="email")
    return found[0].value.lower()


def _check_role(role: str, *, by: Actor) -> None:
    if role not in {each.key for each in roles()}:
        raise CannotChangeStaff(_("Choose a role."), field="role")
    check_may_give(role, by=by)


def _not_the_last_owner(staff: Staff) -> None:
    others = Staff.objects.select_for_update().filter(role=OWNER, is_active=True).exclude(pk=staff.pk)
    if staff.role == OWNER and not others.exists():
        raise CannotChangeStaff(_("There must be an owner. Make somebody else owner first."), field="role")
