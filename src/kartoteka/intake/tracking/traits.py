"""What a site says of somebody (`identify` and its traits) as the values of a claim."""

from collections.abc import Mapping
from typing import Any

from kartoteka.activity.shopping import text
from kartoteka.people.catalogue import OWN_PREFIX, Field
from kartoteka.people.checking import BadValue, checked

# The standard's names of traits, and what libraries write beside them, with our fields.
_FIELDS = {
    "name": "name", "fullname": "name", "full_name": "name",
    "firstname": "given", "first_name": "given", "givenname": "given",
    "lastname": "family", "last_name": "family", "familyname": "family", "surname": "family",
    "middlename": "middle", "middle_name": "middle", "title": "title", "nickname": "nickname", "username": "nickname",
    "email": "emails", "email_address": "emails", "mail": "emails",
    "phone": "phones", "phonenumber": "phones", "phone_number": "phones", "mobile": "phones", "tel": "phones",
    "birthday": "birth", "birthdate": "birth", "birth_date": "birth", "dateofbirth": "birth", "date_of_birth": "birth",
    "gender": "sex", "sex": "sex", "language": "language", "locale": "language", "website": "website",
    "description": "note", "job": "profession", "profession": "profession",
    "address": "addresses", "company": "company", "tags": "tags",
}  # fmt: skip
# A title is a form of address to us; sites mean the post somebody holds.
_FIELDS["title"] = "profession"
_ADDRESS = {
    "street": "street", "address1": "street", "city": "city", "state": "region", "region": "region",
    "postalcode": "postcode", "postal_code": "postcode", "zip": "postcode", "postcode": "postcode",
    "country": "country", "number": "number",
}  # fmt: skip
_TOLD_AS_ADDRESS = ("city", "country", "postalcode", "zip", "state", "street")


def claimed(
    traits: Mapping[str, Any], *, catalogue: Mapping[str, Field], country: str
) -> tuple[dict[str, Any], list[str]]:
    """The standard values of these traits, and what could not be read of them. What we have no field for is left out."""
    given = _as_fields(traits, catalogue)
    values: dict[str, Any] = {}
    problems: list[str] = []
    parts: dict[str, Any] = {
        key: given.pop(key) for key in ("given", "middle", "family", "name") if key in given
    }
    for some in ([parts] if parts else []) + [{key: value} for key, value in given.items()]:
        try:
            values.update({k: v for k, v in checked(some, catalogue=catalogue, country=country).items() if v})
        except BadValue as problem:
            problems.append(str(problem))
    return values, problems


def _as_fields(traits: Mapping[str, Any], catalogue: Mapping[str, Field]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    place: dict[str, Any] = {}
    for key, value in traits.items():
        bare = key.lower().replace("-", "_").replace(" ", "_")
        if bare in _TOLD_AS_ADDRESS:
            place[_ADDRESS[bare]] = text(value, 300)
        elif field := _FIELDS.get(bare.replace("_", "")) or _FIELDS.get(bare):
            if (found := _value(field, value)) not in (None, "", {}, []):
                given.setdefault(field, found)
        elif OWN_PREFIX + bare in catalogue:
            given[OWN_PREFIX + bare] = value
    if place and "addresses" not in given:
        given["addresses"] = [place]
    return given


def _value(field: str, value: Any) -> Any:
    if field == "addresses":
        if isinstance(value, Mapping):
            return [_address(value)] if _address(value) else None
        return text(value, 300)
    if field == "company":
        return text(value.get("name"), 300) if isinstance(value, Mapping) else text(value, 300)
    if field == "birth":
        return text(value, 40)[:10] if isinstance(value, str) and "T" in value else text(value, 40)
    if field == "language":
        return text(value, 20).replace("_", "-").partition("-")[0]
    if field == "tags":
        return [text(each, 100) for each in value] if isinstance(value, list) else text(value, 100)
    return text(value, 1000)


def _address(value: Mapping[str, Any]) -> dict[str, str]:
    found = {_ADDRESS[key.lower()]: text(each, 300) for key, each in value.items() if key.lower() in _ADDRESS}
    return {part: each for part, each in found.items() if each}
