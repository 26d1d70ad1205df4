"""The roles a business starts with: bundles of rights that the owner can change afterwards."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .actor import Right, Scope

OWNER = "owner"
MANAGER = "manager"
STAFF = "staff"


@dataclass(frozen=True)
class Preset:
    """A role as it is proposed. scope: whom its rights reach."""

    key: str
    name: str | Promise
    rights: frozenset[Right]
    scope: Scope = Scope.ALL


_R = Right
_DESK = frozenset({_R.SEE, _R.CHANGE})
_MANAGER = frozenset(Right) - {_R.STAFF, _R.LOOK_UP}
# Who does everything does not need the right to do a part of it.
_ALL = frozenset(Right) - {_R.LOOK_UP}

SMALL = (
    Preset(OWNER, _("owner"), _ALL),
    Preset(MANAGER, _("manager"), _MANAGER),
    Preset(STAFF, _("staff"), _DESK | {_R.REVEAL}),
)
FLOOR = (
    Preset(OWNER, _("owner"), _ALL),
    Preset(MANAGER, _("manager"), _MANAGER),
    Preset(
        "privacy",
        _("privacy officer"),
        frozenset({_R.SEE, _R.REVEAL, _R.SEE_SENSITIVE, _R.PRIVACY, _R.AUDIT, _R.APPROVE_EXPORT}),
    ),
    Preset("marketer", _("marketer"), frozenset({_R.COUNTS}), Scope.COUNTS),
    Preset("sales", _("salesperson"), _DESK | {_R.LOOK_UP, _R.HAND_OVER}, Scope.STAGE),
    Preset("clerk", _("clerk"), frozenset({_R.LOOK_UP, _R.CHANGE}), Scope.ONE),
    Preset("auditor", _("auditor"), frozenset({_R.AUDIT, _R.COUNTS}), Scope.COUNTS),
)
PRESETS = {"small": SMALL, "floor": FLOOR}
PRESET_NAMES = {"small": _("a shop of three"), "floor": _("a sales floor of fifty")}

_KNOWN = {each.key: each for some in (FLOOR, SMALL) for each in some}


def preset_of(key: str) -> Preset | None:
    """The role that is proposed under this key."""
    return _KNOWN.get(key)


def is_proposed_small(key: str) -> bool:
    """Whether a base whose owner set no roles up has this one."""
    return any(each.key == key for each in SMALL)
