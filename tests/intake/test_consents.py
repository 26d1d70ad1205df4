"""What files say of consent: columns of our six languages, exports of known programs, dry run and undoing."""

from __future__ import annotations

import pytest

from kartoteka.consent.gate import may
from kartoteka.consent.models import Choice, Suppression
from kartoteka.consent.purposes import preset
from kartoteka.consent.reasons import Reason
from kartoteka.intake.undoing import undo_now
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


def said() -> dict[str, list[tuple[str, str, bool]]]:
    """By e-mail: (channel, what, confirmed) of each line."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for each in Choice.objects.select_related("identity__customer").order_by("channel", "pk"):
        found.setdefault(each.identity.customer.email, []).append((each.channel, each.what, each.confirmed))
    return found


def reason(email: str, channel: str = "email") -> Reason:
    customer = Customer.objects.get(email=email)
    news = preset("marketing", by=SHELL)
    return may(customer=customer, purpose=news, channel=channel, by=SHELL).reason


@pytest.mark.parametrize(
    ("heading", "country", "yes", "no"),
    [
        ("newsletter", "GB", "yes", "no"),
        ("email opt-in", "GB", "TRUE", "FALSE"),
        ("zgoda marketingowa", "PL", "tak", "nie"),
        ("Zgoda na newsletter", "PL", "T", "N"),
        ("markkinointilupa", "FI", "kyllä", "ei"),
        ("uutiskirje", "FI", "k", "e"),
        ("bemarkingstoestemming", "ZA", "ja", "nee"),
        ("pahintulot", "PH", "oo", "hindi"),
        ("persetujuan", "MY", "ya", "tidak"),
        ("Accepts Email Marketing", "GB", "yes", "no"),
        ("marketing consent", "GB", "☑", "☐"),
    ],
)
def test_yes_and_no_in_six_languages(heading: str, country: str, yes: str, no: str) -> None:
    text = f"name,email,{heading}\n"
    text += f"Anna Lis,a@example.com,{yes}\nOla Lis,o@example.com,{no}\nJan Lis,j@example.com,\n"
    text += "Ewa Lis,e@example.com,maybe later\n"
    done = make.csv_import(text, country=country)
    assert (done.agreed, done.declined, done.stopped) == (1, 1, 0)
    assert said()["a@example.com"] == [("email", "given", False)]
    assert ("email", "withdrawn", False) in said()["o@example.com"]
    assert reason("a@example.com") is Reason.GIVEN
    assert reason("o@example.com") is Reason.WITHDRAWN
    assert reason("j@example.com") is Reason.NOT_ASKED
    assert reason("e@example.com") is Reason.NOT_ASKED
    assert done.flawed == 1, "a word that is neither is told"


def test_a_no_without_a_channel_is_a_no_to_all_but_what_is_said_apart() -> None:
    make.csv_import(
        "name,email,marketing consent,sms consent\nAnna Lis,a@example.com,no,yes\nOla Lis,o@example.com,yes,no\n"
    )
    told = said()
    assert {channel: what for channel, what, _c in told["a@example.com"]} == {
        "email": "withdrawn", "phone": "withdrawn", "post": "withdrawn", "messenger": "withdrawn", "ads": "withdrawn",
        "sms": "given",
    }  # fmt: skip
    assert [each[:2] for each in told["o@example.com"]] == [("email", "given"), ("sms", "withdrawn")]


MAILCHIMP = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID"


def test_mailchimp_members_those_who_left_and_those_whose_mail_came_back() -> None:
    make.csv_import(
        f"{MAILCHIMP}\na@example.com,Anna,Lis,2,2023-05-01 10:00:00,2023-05-01 10:05:00,1\n"
        "b@example.com,Ola,Lis,2,2024-01-02 08:00:00,,2\n",
        source="Mailchimp",
    )
    assert said() == {
        "a@example.com": [("email", "given", True)],
        "b@example.com": [("email", "given", False)],
    }
    assert Choice.objects.get(confirmed=True).at.isoformat() == "2023-05-01T10:05:00+00:00"
    make.csv_import(
        f"{MAILCHIMP},UNSUB_TIME,UNSUB_REASON\n"
        "a@example.com,Anna,Lis,2,2023-05-01 10:00:00,2023-05-01 10:05:00,1,2024-03-04 09:00:00,NORMAL\n",
        source="Mailchimp",
        name="unsubscribed.csv",
    )
    assert reason("a@example.com") is Reason.WITHDRAWN
    cleaned = make.csv_import(
        f"{MAILCHIMP},CLEAN_TIME\nb@example.com,Ola,Lis,2,2024-01-02 08:00:00,,2,2024-06-07 00:00:00\n",
        source="Mailchimp",
        name="cleaned.csv",
    )
    assert cleaned.stopped == 1
    assert reason("b@example.com") is Reason.SUPPRESSED


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("subscribed", Reason.GIVEN),
        ("Unsubscribed", Reason.WITHDRAWN),
        ("cleaned", Reason.SUPPRESSED),
        ("spam complaint", Reason.SUPPRESSED),
        ("pending", Reason.NOT_ASKED),
        ("non-subscribed", Reason.NOT_ASKED),
        ("transactional", Reason.NOT_ASKED),
    ],
)
def test_words_of_newsletter_programs(status: str, wanted: Reason) -> None:
    make.csv_import(f"Email,First name,Last name,Subscription status\na@example.com,Anna,Lis,{status}\n")
    assert reason("a@example.com") is wanted


def test_who_did_not_opt_out_has_not_opted_in() -> None:
    make.csv_import(
        "Record ID,First Name,Last Name,Email,Lifecycle Stage,Unsubscribed from all email,"
        "Legal basis for processing contact's data\n"
        "1,Anna,Lis,a@example.com,Lead,false,\n2,Ola,Lis,o@example.com,Lead,true,Freely given consent from contact\n"
        "3,Jan,Lis,j@example.com,Lead,,Freely given consent from contact\n"
        "4,Ewa,Lis,e@example.com,Lead,,Performance of a contract\n"
    )
    assert reason("a@example.com") is Reason.NOT_ASKED
    assert reason("o@example.com") is Reason.WITHDRAWN
    assert reason("j@example.com") is Reason.GIVEN
    assert reason("e@example.com") is Reason.NOT_ASKED


def test_the_dry_run_counts_and_writes_nothing() -> None:
    text = "name,email,newsletter\nAnna Lis,a@example.com,yes\nOla Lis,o@example.com,no\n"
    file_import = make.csv_import(text, dry_run=True)
    assert (file_import.agreed, file_import.declined) == (1, 1)
    assert not Choice.objects.exists()


def test_undoing_takes_its_choices_and_stops_and_no_others() -> None:
    make.csv_import("id,name,email,newsletter\n1,Anna Lis,a@example.com,no\n", source="shop")
    later = make.csv_import(
        "id,name,email,newsletter\n1,Anna Lis,a@example.com,yes\n2,Ola Lis,o@example.com,cleaned\n",
        source="till",
    )
    assert Suppression.objects.count() == 1
    undo_now(file_import=later, by=SHELL)
    assert said() == {"a@example.com": [("email", "withdrawn", False)]}
    assert not Suppression.objects.exists()
    assert reason("a@example.com") is Reason.WITHDRAWN


def test_a_file_never_gives_again_what_was_withdrawn_here() -> None:
    from kartoteka.consent.ledger import Taken, withdraw

    text = "id,name,email,newsletter\n1,Anna Lis,a@example.com,yes\n"
    make.csv_import(text, source="shop")
    anna = Customer.objects.get(email="a@example.com")
    withdraw(
        customer=anna,
        purpose=preset("marketing", by=SHELL),
        channel="email",
        taken=Taken(how="counter"),
        by=SHELL,
    )
    make.csv_import(text + "2,Ola Lis,o@example.com,yes\n", source="shop", name="again.csv")
    assert reason("a@example.com") is Reason.WITHDRAWN
    assert reason("o@example.com") is Reason.GIVEN
