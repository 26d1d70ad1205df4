"""What the gate and the ledger say, as plain data for programs: the same for the API and the command line."""

from typing import Any

from django.utils import timezone

from kartoteka.people.models import Customer
from kartoteka.people.veil import veiled_point
from kartoteka.trust.actor import Actor, Right

from .gate import Answer, Asked, may, not_now
from .ledger import BadChoice, point_of
from .models import Channel, Choice
from .purposes import purpose_named
from .quiet import next_moment
from .reasons import in_words
from .taking import may_we


def consents_as_data(*, actor: Actor, customer: Customer) -> dict[str, Any]:
    """What a customer lets us do, by purpose and channel, and all that they ever said, newest first. Raises NotAllowed."""
    found = may_we(customer=customer, actor=actor)
    return {
        "card": customer.card,
        "may": [
            {
                "purpose": row.purpose.key,
                "channel": cell.channel.value,
                **answer_as_data(cell.answer),
                "since": cell.choice.at if cell.choice else None,
            }
            for row in found.rows
            for cell in row.cells
        ],
        "said": [choice_as_data(each, actor=actor) for each in found.history],
        "stopped": [
            {
                "contact": each.point.value,
                "why": each.why,
                "at": each.at,
                "purpose": each.purpose.key if each.purpose else "",
            }
            for each in found.stopped
        ],
    }


def choice_as_data(choice: Choice, *, actor: Actor) -> dict[str, Any]:
    """One line of the ledger, as this actor is shown it."""
    return {
        "id": choice.pk,
        "purpose": choice.purpose.key,
        "channel": choice.channel,
        "what": choice.what,
        "at": choice.at,
        "how": choice.how,
        "place": choice.place,
        "by": choice.by_name,
        "confirmed": choice.confirmed,
        "guardian": choice.guardian,
        "contact": veiled_point(choice.point, actor).value if choice.point else "",
        "words": choice.wording.text if choice.wording else "",
        "language": choice.language,
    }


def answer_as_data(answer: Answer) -> dict[str, Any]:
    """The gate's answer."""
    return {"allowed": answer.allowed, "reason": answer.reason.value, "why": answer.why}


def may_as_data(
    *, actor: Actor, customer: Customer, purpose: str, channel: str, contact: str = ""
) -> dict[str, Any]:
    """May this customer be reached, and at once? contact: an e-mail or phone of theirs, else the best.

    Raises BadPurpose, BadChoice.
    """
    actor.must(Right.SEE)
    its_purpose = purpose_named(purpose)
    if channel not in Channel.values:
        raise BadChoice.channel()
    asked = Asked(its_purpose, Channel(channel), timezone.now())
    answer = may(
        customer=customer,
        purpose=its_purpose,
        channel=channel,
        contact_point=point_of(customer, contact) if contact else None,
        by=actor,
        at=asked.at,
    )
    quiet = not_now(customer, answer, asked)
    return {
        "card": customer.card,
        "purpose": purpose,
        "channel": channel,
        **answer_as_data(answer),
        "choice": answer.choice,
        "now": answer.allowed and quiet is None,
        "not_now": in_words(quiet) if quiet else "",
        "later": next_moment(customer, answer.point, asked) if quiet else None,
    }
