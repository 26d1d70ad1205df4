"""What stands in a customer's columns."""

import pytest

from kartoteka.people.rows import COLUMNS, Rules, hold

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
