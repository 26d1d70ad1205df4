"""The file of a lead form, as Meta's page gives it: recognised, its marks taken off, the same lead as the webhook's."""

from __future__ import annotations

import io

import pytest

from kartoteka.intake.files.lead_marks import unmarked
from kartoteka.intake.whole import import_stream
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import SHELL

# ruff: noqa: E501
HEAD = ("id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name", "form_id",
        "form_name", "is_organic", "platform", "which_cup_do_you_like?", "email", "full_name", "phone_number", "post_code")  # fmt: skip
ROW = ("l:123123123123", "2026-03-22T08:49:14+02:00", "ag:2384", "Kubki", "as:2385", "Zestaw", "c:2386", "Wiosna", "f:55",
       "Formularz", "false", "fb", "p: niebieski", "ewa@example.pl", "Ewa Lis", "p:+48600100200", "z:00-950")  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("mark", ["\t", ","])
def test_a_lead_file_is_read(encoding: str, mark: str) -> None:
    second = ("l:456456456456", *ROW[1:13], "jan@example.pl", "Jan Lis", "", "")
    raw = "".join(mark.join(row) + "\r\n" for row in (HEAD, ROW, second)).encode(encoding)
    done = import_stream(
        stream=io.BytesIO(raw), name="leads.csv", source="Meta", ground="consent", by=SHELL, country="PL"
    )
    assert (done.state, done.refused) == ("done", 0)
    assert set(Identity.objects.values_list("key", flat=True)) == {"123123123123", "456456456456"}
    ewa = Customer.objects.get(email="ewa@example.pl")
    assert (ewa.name, ewa.phone) == ("Ewa Lis", "+48600100200")


def test_marks_are_taken_off_in_such_files_only() -> None:
    assert unmarked(["id", "created_time", "phone"]) is None
    clean = unmarked(HEAD)
    assert clean
    assert clean(["l:1", "p:+48600100200", "p: niebieski", "c:x", None, "http://x"]) == [
        "1", "+48600100200", "p: niebieski", "c:x", None, "http://x",
    ]  # fmt: skip
