"""Audiences for ad platforms: hashed contact points of the members of a group who agreed, and of nobody else.

The file is asked for, approved, sealed and fetched as any export (people/exporting); it is written through the consent gate
at the moment of writing, so that a withdrawal in between counts. What is hashed is first written as each platform says:
- Google Customer Match: SHA-256 of the trimmed, lower-case e-mail (of gmail.com and googlemail.com without dots and what
  follows a plus), of the phone in E.164 and of the lower-case names; country and postcode as they are.
- Meta Custom Audiences: SHA-256 of everything: the lower-case e-mail, the phone's digits with the country's code, names
  without punctuation, city without blanks and punctuation, postcode without blanks and dashes (in the United States its
  first five digits), the two letters of the country, the day of birth, f or m.
Sources: support.google.com/google-ads/answer/7476159 and developers.google.com/google-ads/api (Customer Match);
developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters.

No canaries stand in it, and trace does not read it: a platform would be sent people who do not exist, and would count them
as such; who holds the file can ask nobody by a hash. Who had it made stands in the audit and on the group's page.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.consent.models import Channel, Purpose
from kartoteka.consent.passing import Passed, may_all
from kartoteka.consent.reasons import ALLOWING
from kartoteka.kit import bulk
from kartoteka.people.checking import BadValue
from kartoteka.people.exporting.asking import put_in_line
from kartoteka.people.listing import Wish, chosen
from kartoteka.people.models import Customer, Export
from kartoteka.trust.actor import Actor, Right

from .models import Audience
from .reaching import group_of, in_view

PLATFORMS = {"goog": "Google Customer Match", "meta": "Meta Custom Audiences"}
HEADINGS = {
    "goog": ("Email", "Phone", "First Name", "Last Name", "Country", "Zip"),
    "meta": ("email", "phone", "fn", "ln", "zip", "ct", "country", "dob", "gen"),
}
_AT_ONCE = 2000
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_MOST_POSTCODES = re.compile(r"[\s-]+")
_READ = ("pk", "email", "phone", "given", "family", "city", "country", "birth", "sex", "more")


def ask_for_audience(*, segment: int, platform: str, purpose: str, by: Actor, why: str = "") -> Export:
    """Put an audience in line: members of the group who may be reached by ads for this purpose.

    Raises BadValue (an unknown platform or purpose, nobody who agreed), NoSuchGroup, NotAllowed.
    """
    by.must(Right.EXPORT)
    group_of(by, segment)
    if platform not in PLATFORMS:
        raise BadValue("platform", _("Choose the platform."))
    wanted = _purpose(purpose)
    wish = Wish(further=(("group", str(segment)),))
    passed = _passed(chosen(actor=by, wish=wish), wanted, by)
    if not passed.points:
        raise BadValue("purpose", _("Nobody in this group agreed to ads for this purpose."))
    # The gate is asked again when the file is written; the whole group stands in line for it.
    count = in_view(by).filter(segments__segment=segment).count()
    return put_in_line(
        wish=wish, columns=[f"{platform}:{purpose}"], format=platform, count=count, by=by, why=why
    )


def _purpose(key: str) -> Purpose:
    found = Purpose.objects.filter(key=key, ended_at=None).first()
    if found is None:
        raise BadValue("purpose", _("Choose the purpose."))
    return found


def _passed(rows: "QuerySet[Customer]", purpose: Purpose, by: Actor) -> Passed:
    return may_all(customers=rows, purpose=purpose, channel=Channel.ADS, by=by)


def write_audience(export: Export, actor: Actor, keys: list[int]) -> tuple[BinaryIO, int]:
    """The file, and how many are in it. Called by the worker."""
    platform, _colon, key = str(export.columns[0]).partition(":")
    passed = may_all(customers=keys, purpose=_purpose(key), channel=Channel.ADS, by=actor)
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS[platform])
    count = 0
    for line in _lines(platform, sorted(passed.points)):
        writer.writerow(line)
        count += 1
    text.flush()
    text.detach()
    with transaction.atomic():
        Audience.objects.create(
            segment_id=int(dict(export.wish["further"])["group"]),
            platform=platform,
            purpose=key,
            at=timezone.now(),
            customers=count,
            held_back={each.value: n for each, n in passed.reasons.items() if each not in ALLOWING},
            **actor.as_columns,
        )
    return out, count


def _lines(platform: str, keys: list[int]) -> Iterator[tuple[str, ...]]:
    row = {"goog": for_google, "meta": for_meta}[platform]
    for some in bulk.chunks(keys, _AT_ONCE):
        for each in Customer.objects.filter(pk__in=some).order_by("pk").only(*_READ):
            if each.email or each.phone:
                yield row(each)


def hashed(text: str) -> str:
    """SHA-256 in lower-case hexadecimal; "" of nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def for_google(customer: Customer) -> tuple[str, ...]:
    """A row for Google Customer Match."""
    return (
        hashed(google_email(customer.email)),
        hashed(customer.phone.strip()),
        hashed(_spaced(customer.given).lower()),
        hashed(_spaced(customer.family).lower()),
        customer.country,
        _postcode(customer),
    )


def google_email(address: str) -> str:
    """An e-mail as Google hashes it."""
    local, _at, domain = address.strip().lower().replace(" ", "").rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}" if domain else ""


def for_meta(customer: Customer) -> tuple[str, ...]:
    """A row for Meta Custom Audiences."""
    birth = customer.birth.replace("-", "") if len(customer.birth) == 10 else ""
    return (
        hashed(customer.email.strip().lower()),
        hashed("".join(filter(str.isdecimal, customer.phone)).lstrip("0")),
        hashed(_letters(customer.given)),
        hashed(_letters(customer.family)),
        hashed(_metas_postcode(customer)),
        hashed(_letters(customer.city).replace(" ", "")),
        hashed(customer.country.lower()),
        hashed(birth),
        hashed(customer.sex),
    )


def _spaced(text: str) -> str:
    """With single spaces, and each letter in one piece with its marks, as most keyboards write it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _letters(text: str) -> str:
    """Lower case without punctuation, as Meta has names."""
    return _spaced("".join(each for each in _spaced(text).lower() if each.isalnum() or each.isspace()))


def _metas_postcode(customer: Customer) -> str:
    """Without blanks and dashes; of one in the United States the first five digits."""
    told = _MOST_POSTCODES.sub("", _postcode(customer).lower())
    return told[:5] if customer.country == "US" else told


def _postcode(customer: Customer) -> str:
    addresses = customer.more.get("addresses") or ()
    return str(addresses[0].get("postcode") or "") if addresses else ""


def audiences_of(*, actor: Actor, segment: int) -> list[Audience]:
    """What was made of a group for platforms, the newest first. Raises NoSuchGroup, NotAllowed."""
    actor.must(Right.EXPORT)
    group_of(actor, segment)
    return list(Audience.objects.filter(segment=segment)[:20])
