"""What customers ask of us by law: until when, by whom known, what was done, with proof."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from kartoteka.consent import own_page
from kartoteka.consent.choosing import choices_of, choose
from kartoteka.consent.gate import may
from kartoteka.consent.held import everything, held_of
from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.links import CannotLink, end_links, mail_link, make_link, visit
from kartoteka.consent.models import Choice, PageLink, PrivacyRequest, Restriction, Suppression
from kartoteka.consent.purposes import add, add_wording
from kartoteka.consent.requests import (
    BadRequest,
    Handed,
    answer,
    end_restrictions,
    extend,
    identify,
    receive,
    refuse,
)
from kartoteka.consent.unsubscribing import headers, offered, token_for, unsubscribe
from kartoteka.consent.worklist import request_of, worklist
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from kartoteka.trust.models import AuditEntry
from tests import make
from tests.consent.coming import CLERK, asked, came

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "days"), [("ZA", (30, 30)), ("MY", (21, 21)), ("PL", (28, 31)), ("PH", (19, 25))]
)
def test_it_is_due_by_the_law_of_their_country(country: str, days: tuple[int, int]) -> None:
    who = make.person("Ewa", "Lis", addresses=[{"city": "X", "country": country}])
    found = asked(who, "access")
    assert days[0] <= (found.due_on - timezone.localdate()).days <= days[1]


def test_the_most_urgent_comes_first_and_what_is_late_is_marked(anna: Customer) -> None:
    late, soon = asked(anna, "access"), asked(anna, "erasure")
    PrivacyRequest.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - dt.timedelta(days=1))
    identify(request=soon, how="called back", by=SHELL)
    found = worklist(actor=SHELL)
    assert [(each.request.pk, each.late, each.known) for each in found.rows] == [
        (late.pk, True, False),
        (soon.pk, False, True),
    ]
    assert found.rows[0].customer == anna
    with pytest.raises(NotAllowed):
        worklist(actor=CLERK)
    assert [
        each.request
        for each in worklist(actor=SHELL, size=1, after=worklist(actor=SHELL, size=1).page.after).rows
    ] == [soon]


def test_the_same_asked_twice_is_one_request(anna: Customer) -> None:
    assert asked(anna, "erasure") == asked(anna, "erasure")
    assert asked(anna, "erasure") != asked(anna, "access")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nothing"},
        {"through": "pigeon"},
        {"kind": "correction"},
        {"kind": "access", "changes": {"city": "x"}},
    ],
)
def test_what_cannot_be_asked(anna: Customer, wrong: dict[str, object]) -> None:
    given = {"kind": "access", "through": "call", **wrong}
    with pytest.raises(BadRequest):
        receive(customer=anna, by=SHELL, **given)  # type: ignore[arg-type]
    assert not PrivacyRequest.objects.exists()


def test_nothing_is_answered_to_who_is_not_known(anna: Customer) -> None:
    found = asked(anna, "access")
    with pytest.raises(BadRequest, match="how you know"):
        answer(request=found, by=SHELL, handed=Handed(b"x", "PDF"))
    identify(request=found, how="passport seen", by=SHELL)
    with pytest.raises(BadRequest, match="hand over"):
        answer(request=found, by=SHELL)
    with pytest.raises(NotAllowed):
        answer(request=found, by=CLERK, handed=Handed(b"x", "PDF"))
    done = answer(request=found, by=SHELL, handed=Handed(b"x", "PDF"))
    assert done.digest == hashlib.sha256(b"x").hexdigest()
    with pytest.raises(BadRequest, match="already"):
        refuse(request=found, why="too late", by=SHELL)
    told = request_of(actor=SHELL, key=found.pk)
    assert told is not None
    assert [each.what for each in told.steps] == ["received", "identified", "answered"]
    assert [each.request.pk for each in worklist(actor=SHELL, ended=True).rows] == [found.pk]


def test_more_time_is_given_once_and_not_for_ever(anna: Customer) -> None:
    found = asked(anna, "access")
    for until in (found.due_on, found.due_on + dt.timedelta(days=63)):
        with pytest.raises(BadRequest):
            extend(request=found, until=until, why="many files", by=SHELL)
    extend(request=found, until=found.due_on + dt.timedelta(days=60), why="many files", by=SHELL)
    found.refresh_from_db()
    with pytest.raises(BadRequest, match="once"):
        extend(request=found, until=found.due_on + dt.timedelta(days=1), why="more", by=SHELL)


def test_answering_does_what_was_asked(anna: Customer) -> None:
    add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    for kind, more in (
        ("correction", {"changes": {"family": "Nowak"}}),
        ("restriction", {"said": "I contest the debt"}),
        ("objection", {}),
    ):
        found = asked(anna, kind, **more)
        identify(request=found, how="seen", by=SHELL)
        answer(request=found, by=SHELL)
    anna.refresh_from_db()
    assert anna.family == "Nowak"
    assert {each.identity.customer for each in Restriction.objects.filter(ended_at=None)} == {anna}
    assert Choice.objects.filter(what="withdrawn", identity__customer=anna).exists()


def test_whoever_is_restricted_is_not_used(anna: Customer) -> None:
    news = add(names={"en": "News"}, ground="legitimate_interest", balancing="they know us", by=SHELL)
    before = may(customer=anna, purpose=news, channel="post", by=SHELL)
    found = asked(anna, "restriction")
    identify(request=found, how="seen", by=SHELL)
    answer(request=found, by=SHELL)
    held = may(customer=anna, purpose=news, channel="post", by=SHELL)
    assert (held.allowed, held.reason) == (False, "held")
    assert end_restrictions(customer=anna, by=SHELL) == anna.identities.count()
    assert may(customer=anna, purpose=news, channel="post", by=SHELL) == before


def test_an_erasure_leaves_the_proof_that_it_was_done(anna: Customer) -> None:
    found = asked(anna, "erasure", said="Anna Lis wants to go")
    identify(request=found, how="Anna's passport", by=SHELL)
    answer(request=found, by=SHELL, words="told Anna")
    found.refresh_from_db()
    assert (found.identity_id, found.said) == (None, "")
    told = request_of(actor=SHELL, key=found.pk)
    assert told is not None
    assert told.steps[-1].done["claims"] == 1
    assert "Anna" not in str([each.__dict__ for each in told.steps])
    assert not Customer.objects.filter(pk=anna.pk).exists()


def test_a_request_goes_where_the_customer_goes(anna: Customer) -> None:
    found = asked(anna, "access")
    other = make.person("Ania", "Lis")
    merge(kept=other, gone=anna, by=SHELL)
    assert worklist(actor=SHELL).rows[0].customer == other
    assert found.identity_id


# ---- the link and the page


def test_a_link_opens_one_page_for_a_while(anna: Customer) -> None:
    path = make_link(customer=anna, by=SHELL)
    token = path.split("/")[2]
    found = visit(token)
    assert found is not None
    assert (found.customer, found.language) == (anna, "pl")
    for wrong in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "2" + token[1:],
        "",
        "zz",
        token + "a",
        "ł" * 34,
    ):
        assert visit(wrong) is None
    other = make_link(customer=make.person("Ewa", "Lis"), by=SHELL).split("/")[2]
    assert visit(other.partition("-")[0] + "-" + token.partition("-")[2]) is None
    PageLink.objects.filter(pk=found.link.pk).update(expires_at=timezone.now())
    assert visit(token) is None
    assert visit(other)
    assert end_links(customer=Customer.objects.get(given="Ewa"), by=CLERK) == 1
    assert visit(other) is None
    assert token.partition("-")[2] not in str(list(PageLink.objects.values()))


def test_the_link_is_mailed_in_their_language(anna: Customer, mailoutbox: list[object]) -> None:
    assert mail_link(customer=anna, by=CLERK) == "anna@example.com"
    body = mailoutbox[0].body  # type: ignore[attr-defined]
    address = next(line for line in body.splitlines() if "/my/" in line)
    found = visit(address.rstrip("/").rpartition("/")[2])
    assert found is not None
    assert found.link.mailed
    with pytest.raises(CannotLink):
        mail_link(customer=make.person("Ewa", "Lis"), by=CLERK)


def test_a_link_does_not_show_staff_what_they_may_not_see(anna: Customer, mailoutbox: list[object]) -> None:
    with pytest.raises(NotAllowed):
        make_link(customer=anna, by=CLERK)
    change_customer(
        customer=anna,
        changes={"emails": [{"value": "anna@example.com", "gone": True}, "me@clerk.example"]},
        by=CLERK,
    )
    anna.refresh_from_db()
    with pytest.raises(CannotLink, match="yourself"):
        mail_link(customer=anna, by=CLERK)
    assert not mailoutbox
    assert not PageLink.objects.exists()


def test_each_switch_is_theirs_and_is_kept_with_its_evidence(anna: Customer) -> None:
    news = add(names={"en": "News", "pl": "Nowości"}, ground="consent", marketing=True, by=SHELL)
    add(names={"en": "Your orders"}, ground="contract", by=SHELL)
    words = add_wording(purpose=news, language="pl", text="Chcę nowości.", by=SHELL)
    offered_now = choices_of(anna, language="pl")
    assert [(each.name, each.without) for each in offered_now] == [("Nowości", False), ("Your orders", True)]
    assert {each.channel: each.on for each in offered_now[0].switches}["email"] is False
    choose(
        visit=came(anna),
        purpose="news",
        channel="email",
        on=True,
        language="pl",
        evidence={"ip": "192.0.2.7"},
    )
    line = Choice.objects.get()
    assert (line.what, line.how, line.wording, line.evidence, line.by_name) == (
        "given", "page", words, {"ip": "192.0.2.7"}, "the customer",
    )  # fmt: skip
    assert may(customer=anna, purpose=news, channel="email", by=SHELL).allowed
    choose(visit=came(anna), purpose="news", channel="email", on=False, language="pl", evidence={})
    assert not may(customer=anna, purpose=news, channel="email", by=SHELL).allowed
    for purpose, channel in (("your-orders", "email"), ("nothing", "email"), ("news", "messenger")):
        with pytest.raises(BadChoice):
            choose(visit=came(anna), purpose=purpose, channel=channel, on=True, language="pl", evidence={})


def test_a_correction_waits_for_staff(anna: Customer) -> None:
    made = own_page.correct(visit=came(anna), field="phones", place=0, text="600 200 300")
    anna.refresh_from_db()
    assert anna.phone == "+48600100299"
    answer(request=made, by=SHELL)
    anna.refresh_from_db()
    assert [each["value"] for each in anna.more["phones"]] == ["+48600200300"]
    made = own_page.correct(visit=came(anna), field="birth", place=0, text="3 May 1985")
    answer(request=made, by=SHELL)
    anna.refresh_from_db()
    assert anna.birth == "1985-05-03"
    for field, place in (("phones", 5), ("nothing", 0)):
        with pytest.raises(BadRequest):
            own_page.correct(visit=came(anna), field=field, place=place, text="x")


def test_a_sensitive_wish_lies_sealed_and_is_opened_for_who_may_see_it(anna: Customer) -> None:
    wish = {"national_id": "85050312345", "family": "Nowak"}
    made = receive(
        customer=anna, kind="correction", through="counter", changes=wish, by=SHELL, known_by="seen"
    )
    again = receive(customer=anna, kind="correction", through="counter", changes=wish, by=SHELL)
    assert again.pk == made.pk, "asked twice is asked once"
    kept = PrivacyRequest.objects.get(pk=made.pk).changes
    assert "85050312345" not in str(kept)
    assert kept["family"] == "Nowak"
    some = Actor("staff", 1, "officer", frozenset(Right) - {Right.SEE_SENSITIVE})
    for actor, shown in ((SHELL, "85050312345"), (some, "•••")):
        found = request_of(actor=actor, key=made.pk)
        assert found is not None
        assert found.waiting.request.changes["national_id"] == shown
    assert "85050312345" in str(everything(anna)), "they are told what they wished"
    answer(request=made, by=SHELL)
    assert "85050312345" in str(held_of(anna).facts)


def test_what_is_taken_along_is_all_of_it_and_is_proven(anna: Customer) -> None:
    anna_json = own_page.take_along(visit=came(anna), form="json").content
    anna_pdf = own_page.take_along(visit=came(anna), form="pdf").content
    for text in (
        "+48600100299",
        "anna@example.com",
        "1985-04-03",
        "Opole",
        "people.claim",
        "kartoteka-customer/1",
    ):
        assert text in anna_json.decode()
    assert anna_pdf.startswith(b"%PDF")
    digests = [each.steps.last().digest for each in PrivacyRequest.objects.order_by("pk")]
    assert digests == [hashlib.sha256(each).hexdigest() for each in (anna_json, anna_pdf)]
    with pytest.raises(BadRequest):
        own_page.take_along(visit=came(anna), form="exe")


def test_a_pdf_is_made_of_whatever_stands_in_a_record() -> None:
    odd = make.person(
        '#panic("x")', "*[Lis]* \\ $x$ \u200f", note='#import "/etc/passwd"', tags=["ół", "日本"]
    )
    assert own_page.take_along(visit=came(odd), form="pdf").content.startswith(b"%PDF")


# ---- one click


def test_one_click_ends_it_for_all_who_share_the_address(anna: Customer) -> None:
    news = add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    other = make.person("Jan", "Lis", email="anna@example.com")
    choose(visit=came(anna), purpose="news", channel="email", on=True, language="pl", evidence={})
    point = anna.contacts.get(point__kind="email").point_id
    sent = headers(site="https://shop.example", point=point, purpose=news.pk)
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = sent["List-Unsubscribe"].strip("<>").removeprefix("https://shop.example/u/")
    assert offered(token) is not None
    assert not Suppression.objects.exists(), "to look is not to click"
    for _again in range(2):
        assert unsubscribe(token=token) is not None
    made = Suppression.objects.get()
    assert (made.point_id, made.purpose, made.why) == (point, news, "unsubscribe")
    for who in (anna, other):
        assert may(customer=who, purpose=news, channel="email", by=SHELL).reason == "suppressed"
    assert AuditEntry.objects.filter(action="suppressed").count() == 1
    choose(visit=came(anna), purpose="news", channel="email", on=True, language="pl", evidence={})
    assert may(customer=anna, purpose=news, channel="email", by=SHELL).allowed


def test_a_link_we_did_not_sign_ends_nothing(anna: Customer) -> None:
    point = anna.contacts.get(point__kind="email").point_id
    token = token_for(point=point)
    wrong = [token[:-1], token + "A", "", "A" * len(token), token.swapcase(), token_for(point=10**9), "%%%"]
    assert [unsubscribe(token=each) for each in wrong] == [None] * len(wrong)
    assert not Suppression.objects.exists()
