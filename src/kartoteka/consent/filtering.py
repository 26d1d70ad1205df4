"""The customers' list narrowed to those who may be reached: `purpose:channel`, such as `marketing:email`."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.people.checking import BadValue
from kartoteka.people.models import Customer

from .gate import Asked
from .models import Channel, Choice, Purpose
from .narrowing import allowed
from .purposes import all_purposes

# So few who said anything are taken by their keys; of many, the next page is soon found by looking at one after another.
FEW = 2000


def may_be_reached(rows: QuerySet[Customer], asked: str) -> QuerySet[Customer]:
    """Those of these customers who may be reached now for a purpose by a channel. Raises BadValue."""
    key, _colon, channel = asked.partition(":")
    purpose = Purpose.objects.filter(key=key).first()
    if purpose is None or channel not in Channel.values:
        raise BadValue("may", _("Ask for a purpose and a channel, such as “marketing:email”."))
    if purpose.ground == "consent":
        said = Choice.objects.filter(purpose=purpose, channel=channel)
        few = list(said.values_list("identity__customer", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            rows = rows.filter(pk__in=set(few))
    return allowed(rows, Asked(purpose, Channel(channel), timezone.now()))


def may_choices() -> list[tuple[str, str, str]]:
    """What can be asked: (value, purpose, channel) for each."""
    return [
        (f"{purpose.key}:{channel.value}", str(purpose), str(channel.label))
        for purpose in all_purposes()
        for channel in Channel
    ]
