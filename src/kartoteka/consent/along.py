"""Taking it along: what we hold of a customer as JSON for programs (docs/guide/privacy.md says its shape), and as PDF."""

from typing import Any

import orjson
import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .held import Held, day_of, everything, held_of
from .links import language_of
from .models import Choice, PrivacyRequest
from .policy import what_to_tell
from .public import business_name
from .requests import BadRequest, Handed, answer, customer_of

SCHEMA = "kartoteka-customer/1"
_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(lang: data.language, size: 10pt)
// A word that is longer than its column may break anywhere.
#show regex("[^\\s\\u{200b}]{20,}"): it => it.text.clusters().join("\\u{200b}")
#show heading: set block(above: 1.4em, below: 0.7em)
#if data.business != "" [#text(fill: luma(90))[#data.business]]
= #data.title
#data.lead
#for part in data.parts [
  == #part.title
  #if part.head.len() > 0 [
    #table(
      columns: if part.head.len() == 4 { (1fr, 2fr, 1.5fr, 1.1fr) } else { part.head.map(_ => 1fr) }, column-gutter: 10pt,
      stroke: (x, y) => (bottom: 0.4pt + luma(200)), inset: (x: 0pt, y: 4pt),
      table.header(..part.head.map(each => strong(each))),
      ..part.rows.flatten().map(each => [#each]),
    )
  ] else [
    #for row in part.rows [ - #row.at(0) ]
  ]
]
"""


def as_json(customer: Customer) -> Handed:
    """Everything we hold, for a program to read: facts with their origin, and every row as it stands."""
    held = held_of(customer)
    body = {
        "schema": SCHEMA,
        "made_at": held.at,
        "card": customer.card,
        "facts": [
            {
                "field": each.key,
                "value": each.value,
                "text": each.text,
                "source": each.source,
                "ground": each.ground,
                "heard_at": each.at,
                "guessed": each.guessed,
            }
            for _block, facts in held.facts
            for each in facts
        ],
        "rows": everything(customer),
    }
    return Handed(orjson.dumps(body, default=str, option=orjson.OPT_INDENT_2), "JSON")


def as_pdf(customer: Customer) -> Handed:
    """The same for people to read, in the language that is active."""
    data = orjson.dumps(_told(held_of(customer)), default=str).decode()
    made = typst.compile(_PAGE.encode(), format="pdf", sys_inputs={"data": data})
    return Handed(bytes(made), "PDF")


def _told(held: Held) -> dict[str, Any]:
    day = day_of(held.at)
    parts = [
        {
            "title": str(block),
            "head": [_("What"), _("Value"), _("From"), _("Last heard")],
            "rows": [
                [str(each.label), each.text, f"{each.source} ({each.ground})", day_of(each.at)]
                for each in facts
            ],
        }
        for block, facts in held.facts
    ]
    # A key that we made up because the source gave none says nothing to anybody.
    sources = [
        [source, "" if key.startswith("=") else key, day_of(since)] for source, key, since in held.sources
    ]
    head = [_("Source"), _("Known there as"), pgettext("from that day on", "Since")]
    parts.append({"title": _("Who told us"), "head": head, "rows": sources})
    parts.append({"title": _("What you chose"), "head": [], "rows": _chosen(held.customer)})
    for other in held.others:
        rows = [[text] for text in other.texts]
        parts.append({"title": other.title.capitalize(), "head": [], "rows": rows})
    parts += [
        {
            "title": each["title"],
            "head": [],
            "rows": [[line] for line in (*each["lines"], each["own"]) if line],
        }
        for each in what_to_tell(country=held.customer.country)
    ]
    return {
        "title": _("What we hold of you"),
        "business": business_name(),
        "lead": _("Card %(card)s, as of %(day)s.") % {"card": held.customer.card_shown, "day": day},
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "parts": [part for part in parts if part["rows"]],
    }


def _chosen(customer: Customer) -> list[list[str]]:
    """All that they ever chose, the newest first: for what, by which way, what, when."""
    rows = Choice.objects.filter(identity__customer=customer).exclude(what=Choice.What.ASKED)
    told = [
        f"{day_of(each.at)}: {each.purpose}, {each.get_channel_display()}: {each.get_what_display()}"
        for each in rows.select_related("purpose").order_by("-at", "-pk")
    ]
    # A withdrawal is written for each identity; they said it once.
    return [[line] for line in dict.fromkeys(told)]


def hand_over(*, request: PrivacyRequest, by: Actor) -> Handed:
    """Answer a request of access (PDF) or portability (JSON) with the file, whose hash is kept as proof.

    All of it stands in the file, so it is for who may see all of it. Raises BadRequest, NotAllowed.
    """
    by.must(Right.PRIVACY)
    by.must(Right.SEE_SENSITIVE)
    by.must(Right.REVEAL)
    if request.kind not in (PrivacyRequest.Kind.ACCESS, PrivacyRequest.Kind.PORTABILITY):
        raise BadRequest("kind", _("There is nothing to hand over for this request."))
    customer = customer_of(request)
    if customer is None:
        raise BadRequest("customer", _("Nobody is behind this request any more."))
    with translation.override(language_of(customer)):
        handed = as_json(customer) if request.kind == PrivacyRequest.Kind.PORTABILITY else as_pdf(customer)
    answer(request=request, by=by, handed=handed)
    return handed
