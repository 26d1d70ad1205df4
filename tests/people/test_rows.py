"""What stands in a customer's columns."""

import pytest

from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.rows import COLUMNS, Rules, hold
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.any_base


@pytest.mark.parametrize(
    ("values", "filed"),
    [
        ({"given": "Łucja", "family": "Żak"}, "0 zak lucja"),
        ({"given": "Pieter", "family": "van der Merwe", "particle": "van der"}, "0 van der merwe pieter"),
        ({"given": "Siti", "family": "binti Ahmad", "particle": "binti"}, "0 siti binti ahmad"),
        ({"given": "Muthu", "family": "a/l Raman", "particle": "a/l"}, "0 muthu a l raman"),
        ({"company": "Rowerek"}, "0 rowerek"),
        ({"emails": [{"value": "ola@poczta.example"}]}, "1 o"),
        ({"phones": [{"value": "+48600100200"}]}, "1 "),
        ({"name": "\U0001f33b", "emails": [{"value": "ola@poczta.example"}]}, "1 o"),
    ],
)
def test_people_are_filed_as_their_country_files_them(values: dict[str, object], filed: str) -> None:
    held = hold(values, Rules(weights={}, ages={}, hidden=frozenset()))
    assert dict(zip(COLUMNS, held.columns, strict=True))["sort_name"] == filed


def test_who_has_no_name_comes_last_page_by_page(db: None) -> None:
    for key, values in enumerate(
        (
            {"phones": [{"value": "+48600100200"}]}, {"company": "Żuraw"}, {"emails": [{"value": "a@example.com"}]},
            {"given": "Łucja", "family": "Zyta"}, {"name": "24 hours"}, {"name": "Ångström"}, {"name": "田中 さくら"},
            {"phones": [{"value": "+48600100201"}]}, {"nickname": "Aa"},
        )
    ):  # fmt: skip
        make.customer(key=str(key), **values)
    seen, page = [], list_customers(actor=SHELL, wish=Wish(), size=2).page
    while True:
        seen += page.rows
        if not page.after:
            break
        page = list_customers(actor=SHELL, wish=Wish(after=page.after), size=2).page
    assert len({each.pk for each in seen}) == 9
    assert [bool(each.phone or each.email) for each in seen] == [False] * 6 + [True] * 3
    before = list_customers(actor=SHELL, wish=Wish(before=page.before), size=2).page
    assert before.rows == seen[-3:-1]
