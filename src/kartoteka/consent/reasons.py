"""Why the gate says yes or no: codes for programs, words for people."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """What decided."""

    GONE = "gone"
    HELD = "held"
    ENDED = "ended"
    NO_GROUND = "no_ground"
    NO_POINT = "no_point"
    SUPPRESSED = "suppressed"
    CHILD = "child"
    LISTED = "listed"
    REGISTER_OLD = "register_old"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"
    QUIET_DAY = "quiet_day"
    QUIET_HOUR = "quiet_hour"
    THEIR_HOURS = "their_hours"
    GIVEN = "given"
    GROUND = "ground"
    EXISTING = "existing"
    NOT_OBJECTED = "not_objected"


ALLOWING = frozenset({Reason.GIVEN, Reason.GROUND, Reason.EXISTING, Reason.NOT_OBJECTED})

REASONS: dict[Reason, str | Promise] = {
    Reason.GONE: _("This card is no longer in use."),
    Reason.HELD: _("They asked us to leave their data alone for now."),
    Reason.ENDED: _("We no longer do this."),
    Reason.NO_GROUND: _("We do not know on what ground we hold this customer's data."),
    Reason.NO_POINT: _("We have nothing to reach them by in this way."),
    Reason.SUPPRESSED: _(
        "This address or number must not be used: it came back, complained or unsubscribed."
    ),
    Reason.CHILD: _("They are, or may be, too young to agree themselves. A parent or guardian can."),
    Reason.LISTED: _(
        "They stand in a register of people who want no advertising, and have not agreed to ours since."
    ),
    Reason.REGISTER_OLD: _(
        "Their law lets us call without asking only while we know who wants no calls: read the registers' newest files."
    ),
    Reason.WITHDRAWN: _("They said no."),
    Reason.NOT_ASKED: _("They have not been asked."),
    Reason.WAITING: _("They have not yet clicked the link we sent."),
    Reason.EXPIRED: _("They agreed too long ago. Ask again."),
    Reason.UNCONFIRMED: _("They agreed, but have not confirmed it by a link yet."),
    Reason.QUIET_DAY: _(
        "They may be reached, but not today: it is a Sunday, a holiday or another quiet day there."
    ),
    Reason.QUIET_HOUR: _("They may be reached, but not now: it is too early or too late there."),
    Reason.THEIR_HOURS: _("They may be reached, but asked to be called at other hours."),
    Reason.GIVEN: _("They agreed."),
    Reason.GROUND: _("No consent is needed for this."),
    Reason.EXISTING: _("They bought from us, and the law lets us tell them of the like."),
    Reason.NOT_OBJECTED: _("It is in our legitimate interest, and they have not objected."),
}


def in_words(reason: Reason) -> str:
    """The reason for a person to read."""
    return str(REASONS[reason])
