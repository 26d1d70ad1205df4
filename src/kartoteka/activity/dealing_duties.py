"""Where dealings take part: the timeline, what follows identities, and what a colleague who leaves hands over."""

from django.utils.translation import gettext_lazy as _

from kartoteka.people.leaving import Duty, goes_along
from kartoteka.people.timeline import stream

from . import dealing_followers
from .dealing_stream import DealingStream
from .dealings import duties_named, duty_count, hand_over_dealings


def register() -> None:
    """Called from the app's `ready()`."""
    dealing_followers.register()
    stream(DealingStream())
    goes_along(
        Duty(
            "dealings",
            _("Dealings without a note, open questions and complaints"),
            duty_count,
            hand_over_dealings,
            duties_named,
        )
    )
