"""Meta lead ads: a form that somebody filled in on Facebook or Instagram.

Formats: the webhook of the Page object's `leadgen` field, which tells ids only, and the lead as the Graph API gives it
(developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving). Subscribing is proven by a challenge; messages are
signed with the app's secret (`X-Hub-Signature-256: sha256=…`).
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..connections import Asked, Kind, secret_of
from .reading import Part, cells, message
from .shop import Asking, Incoming, Mark, NotUnderstood, PersonTold, Shop, Told
from .signatures import digest, must_fit, same

_FIELDS = "id,created_time,ad_name,campaign_name,form_id,platform,is_organic,field_data"
_MOST = 100
# Meta's own questions, by what we call them; a business's own questions go to the note, with their answers.
QUESTIONS = {
    "full_name": "name", "first_name": "given", "last_name": "family", "email": "email", "work_email": "email:work",
    "phone_number": "phone", "phone": "phone", "work_phone_number": "phone:work", "street_address": "address.street",
    "city": "address.city", "state": "address.region", "province": "address.region", "post_code": "address.postcode",
    "zip_code": "address.postcode", "zip": "address.postcode", "country": "address.country",
    "date_of_birth": "birth", "gender": "sex", "company_name": "company", "job_title": "profession",
}  # fmt: skip
_AMERICAN = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def verify_token(secret: str) -> str:
    """What Meta is given to say when it subscribes: told from the app's secret, so that it need not be kept."""
    return digest(secret, b"kartoteka verify token").hex()[:32]


_NAME = "Meta lead ads"  # as it is called in every language


class Meta(Shop):
    """People who filled in a lead form."""

    kind = Kind(
        key="meta",
        label=_NAME,
        ground="consent",
        told=lambda connection, home: {
            "url": f"{home}/hooks/meta/{connection.key}",
            "verify_token": verify_token(secret_of(connection)),
            "topics": ["leadgen"],
        },
        asks=(
            Asked(
                "access_token",
                gettext_lazy("Access token of the page, with which its leads are asked for"),
                needed=True,
                secret=True,
            ),
        ),
        needs_secret=True,
    )

    def greeting(self, request: Incoming, *, secrets: Sequence[str]) -> bytes | None:
        """The challenge, given back to who knows the verify token."""
        query = request.query
        if request.method != "GET" or query.get("hub.mode") != "subscribe":
            return None
        if not same(query.get("hub.verify_token", ""), [verify_token(each) for each in secrets]):
            return None
        challenge = query.get("hub.challenge", "")
        return challenge.encode() if re.fullmatch(r"[\w.-]{1,200}", challenge) else None

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """Hexadecimal HMAC-SHA256 over the raw body, after `sha256=`."""
        kind, _is, signature = request.headers.get("x-hub-signature-256", "").partition("=")
        must_fit(signature if kind == "sha256" else "", request.body, secrets=secrets, hexadecimal=True)

    def mark(self, request: Incoming) -> Mark:
        """Meta numbers no deliveries: one with the very same bytes is the same."""
        return Mark(hashlib.sha256(request.body).hexdigest()[:40], "leadgen")

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """Which leads there are, to be asked for; or one of them, as it was answered."""
        said = message(body)
        if topic == "answer":
            return Told(persons=(_lead(said, received_at),))
        leads = [
            change.part("value").key("leadgen_id")
            for entry in said.parts("entry")
            for change in entry.parts("changes")
            if change.text("field") == "leadgen"
        ]
        return Told(
            ask=tuple(dict.fromkeys(each for each in leads if each.isascii() and each.isdigit()))[:_MOST]
        )

    def asking(self, what: str, *, options: Mapping[str, str]) -> Asking:
        """The lead with this id, with the page's token and the proof that the app asks (`appsecret_proof`)."""
        token = options.get("access_token", "")
        if not token:
            raise NotUnderstood(_("There is no access token, so the lead cannot be asked for. Type it in."))
        proof = hmac.new(options.get("secret", "").encode(), token.encode(), hashlib.sha256).hexdigest()
        query = urlencode({"fields": _FIELDS, "access_token": token, "appsecret_proof": proof})
        return Asking(f"{settings.KARTOTEKA.graph_url.rstrip('/')}/{what}?{query}", {})


def _lead(said: Part, received_at: dt.datetime) -> PersonTold:
    found: list[tuple[str, str]] = []
    notes = []
    for answer in said.parts("field_data"):
        question = answer.text("name").casefold()
        text = "; ".join(answer.texts("values"))[:500]
        if meant := QUESTIONS.get(question):
            found.append((meant, _AMERICAN.sub(r"\3-\1-\2", text) if meant == "birth" else text))
        elif text:
            notes.append(f"{question.replace('_', ' ').strip()}: {text}")
    origin = " · ".join(filter(None, (said.text("campaign_name"), said.text("ad_name"))))
    return PersonTold(
        said.must_key("id"),
        cells(*found, ("note", "\n".join([*notes, *([f"Meta: {origin}"] if origin else [])])[:2000])),
        at=said.moment("created_time", received_at=received_at),
    )
