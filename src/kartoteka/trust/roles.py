"""Roles as data: proposed, changed, added, taken away. Nobody gives a right that they do not have."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .actor import Actor, NotAllowed, Right, Scope
from .audit import note
from .models import Role, Staff
from .presets import OWNER, PRESETS, SMALL


class CannotChangeRole(ValueError):
    """A role cannot be so. `field` names what to change, the message says why."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def roles() -> list[Role]:
    """The roles there are, the owner's first; those of a small shop until others were set up."""
    rows = list(Role.objects.all())
    return [Role.proposed(OWNER), *rows] if rows else [Role.proposed(each.key) for each in SMALL]


def all_roles(*, actor: Actor) -> list[tuple[Role, int]]:
    """The roles, each with how many people have it. Raises NotAllowed."""
    actor.must(Right.STAFF)
    had = list(Staff.objects.working().values_list("role", flat=True))
    return [(each, had.count(each.key)) for each in roles()]


def a_role(*, actor: Actor, key: str) -> Role | None:
    """A role by its key; None where there is none."""
    actor.must(Right.STAFF)
    return next((each for each in roles() if each.key == key), None)


def use_preset(*, name: str, by: Actor) -> int:
    """Add the roles of a preset that are not there yet; how many those were. None is changed or taken away."""
    by.must(Right.STAFF)
    if name not in PRESETS:
        raise CannotChangeRole(_("Choose one of the proposed sets of roles."))
    with transaction.atomic():
        _keep_the_small()
        missing = [
            each
            for each in PRESETS[name]
            if each.key != OWNER and not Role.objects.filter(key=each.key).exists()
        ]
        for each in missing:
            _check_given(each.rights, each.scope, by)
        Role.objects.bulk_create(Role.proposed(each.key) for each in missing)
        if missing:
            note(by=by, action="added roles", matter="role", detail={"roles": [each.key for each in missing]})
    return len(missing)


def save_role(*, key: str, name: str, rights: Iterable[str], scope: str, by: Actor) -> Role:
    """Change a role, or add one where `key` is "". Raises CannotChangeRole, NotAllowed.

    Who has it has the new rights with their next step: rights are read anew for every request.
    """
    by.must(Right.STAFF)
    if key == OWNER:
        raise CannotChangeRole(_("The owner may do everything; this role cannot be changed."))
    known = {right.value for right in Right}
    wanted = sorted({each for each in rights if each in known})
    name = " ".join(name.split())[:100]
    if scope not in list(Scope):
        raise CannotChangeRole(_("Choose whom these rights reach."), field="scope")
    with transaction.atomic():
        _keep_the_small()
        role = Role.objects.select_for_update().filter(key=key).first() if key else None
        if key and role is None:
            raise CannotChangeRole(_("There is no such role any more."))
        if role is None:
            if not name:
                raise CannotChangeRole(_("Give the role a name."), field="name")
            role = Role(key=_new_key(name))
        else:
            _check_given(role.known_rights, role.scope, by)
        _check_given([Right(each) for each in wanted], scope, by)
        role.name, role.rights, role.scope = name, wanted, scope
        role.save()
        detail = {"role": role.key, "rights": wanted, "scope": scope}
        note(by=by, action="changed role rights", matter="role", key=role.key, detail=detail)
    return role


def remove_role(*, key: str, by: Actor) -> None:
    """Take a role away that nobody has. Raises CannotChangeRole."""
    by.must(Right.STAFF)
    if key == OWNER:
        raise CannotChangeRole(_("The owner may do everything; this role cannot be changed."))
    with transaction.atomic():
        _keep_the_small()
        if Staff.objects.filter(role=key).exists():
            raise CannotChangeRole(
                _("Somebody has this role, or had it when they left. Give them another first.")
            )
        if Role.objects.filter(key=key).delete()[0]:
            note(by=by, action="removed role", matter="role", key=key)


def check_may_give(role: str, *, by: Actor) -> None:
    """Raise NotAllowed unless `by` has every right of this role, and reaches at least as far."""
    its = Role.of(role)
    _check_given(its.known_rights, its.scope, by)


def _check_given(rights: Iterable[Right], scope: str, by: Actor) -> None:
    if by.walled and scope != by.scope:
        raise NotAllowed(Right.STAFF)  # nobody lets others see further than they do
    for right in rights:
        # To look one up is less than to see them all; to count is less than to see.
        if right in (Right.LOOK_UP, Right.COUNTS) and by.may(Right.SEE):
            continue
        by.must(right)


def _keep_the_small() -> None:
    """What was proposed becomes the base's own, before anything of it is changed."""
    if not Role.objects.exists():
        Role.objects.bulk_create(Role.proposed(each.key) for each in SMALL if each.key != OWNER)


def _new_key(name: str) -> str:
    base = slugify(name)[:26] or "role"
    key, number = base, 1
    while Role.objects.filter(key=key).exists() or key == OWNER:
        number += 1
        key = f"{base}-{number}"
    return key
