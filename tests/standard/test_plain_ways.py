"""The short ways for what is plain (names, companies, streets, letters) read as the long ways do."""

import unicodedata
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from kartoteka.standard import address_streets, companies, letters, name_kinds, name_plain, names
from kartoteka.standard.company_forms import FORMS
from kartoteka.standard.lore import given_names, surnames
from tests.standard.examined import entries

COUNTRIES = ("PL", "FI", "ZA", "PH", "MY", "GB", "DE", "HU", "")
given_words = st.sampled_from(sorted(given_names())).map(str.title)
family_words = st.sampled_from(sorted(one.spelled for one in surnames().values()))
written_names = st.one_of(
    st.tuples(given_words, family_words).map(" ".join),
    st.tuples(family_words, given_words).map(" ".join),
    st.tuples(family_words, given_words).map(", ".join),
    st.tuples(given_words, given_words, family_words).map(" ".join),
    st.tuples(given_words, family_words, family_words).map(lambda words: "{} {}-{}".format(*words)),
)


@given(written_names, st.sampled_from(COUNTRIES), st.booleans())
def test_plain_names(typed: str, country: str, large: bool) -> None:
    typed = typed.upper() if large else typed
    short = names._plain_name(typed, country, "")
    if short is not None:
        assert short == names._kind_and_parts(typed, country, "")[0]


def test_plain_names_as_lists_hold_them() -> None:
    read = 0
    for (_, typed, _labels), country in product(entries("names", 7), COUNTRIES):
        short = names._plain_name(names.tidy(typed), country, "")
        if short is not None:
            read += 1
            assert short == names._kind_and_parts(names.tidy(typed), country, "")[0]
    assert read > 200


single_words = st.one_of(
    given_words,
    family_words,
    st.sampled_from(sorted(name_plain._TELLING)).map(str.title),
    st.tuples(family_words, st.sampled_from(("haus", "bud", "owie", "scy", "tex", "s", "erei"))).map("".join),
    st.text("abdehknouvwyzCMQRVŁÄéßćÞ", min_size=1, max_size=8).map(str.title),
)


@given(single_words, st.sampled_from(COUNTRIES), st.sampled_from(("", "pl", "ms", "zh")))
@example("Vdovin", "PL", "")
@example("Qwerty", "GB", "")
@example("McDonald", "GB", "")
def test_plain_words(typed: str, country: str, language: str) -> None:
    typed = names.tidy(typed)
    if name_plain.is_plain_word(typed):
        assert not name_kinds.is_nobody(typed, names.fold(typed))
        assert (
            names._plain_name(typed, country, language) == names._kind_and_parts(typed, country, language)[0]
        )


def test_most_names_by_themselves_are_plain_words() -> None:
    listed = [one.spelled for one in surnames().values() if one.spelled.isalpha()]
    assert sum(map(name_plain.is_plain_word, listed)) > 0.8 * len(listed)


def test_plain_companies() -> None:
    heads = ("Laine Puutarha", "Smith & Sons", "Marks and Spencer", "Pro Bud", "Oak", "As Laine")
    forms = sorted({form.written for spelled in FORMS.values() for form in spelled})
    read = 0
    for head, form, country in product(heads, forms, ("PL", "GB", "")):
        for typed in (f"{head} {form}", f"{head}, {form.upper()}", f"{form} {head}", f"{head} {form} Poland"):
            short = companies._plain(typed, country)
            if short is not None:
                read += 1
                assert (*short, "") == companies.split_form(typed, country)
    assert read > 1000


written_streets = st.lists(
    st.sampled_from(
        ["12", "4b", "Long", "Street", "Unit", "B", "#3", "Lot", "house", "Stand", "No", "ph", "2-4", ","]
    )
).map(" ".join)


@given(st.one_of(written_streets, st.text(max_size=20)))
@example("Flat B, High Street")
def test_streets_without_a_number_or_a_word_for_one(typed: str) -> None:
    if not address_streets._MAY_SAY_WHERE(typed):
        for pattern in ("_FLAT_FIRST", "_FLAT_LAST"):
            assert getattr(address_streets, pattern).match(typed) is None
        assert address_streets._numbered(typed, "") is None


@given(
    st.one_of(st.text(max_size=12), st.text("aZ \u00e9\u0142`\u00b4\u0301-\u2013\u024f\u00d7\t", max_size=8))
)
def test_plain_letters(typed: str) -> None:
    if letters._PLAIN(typed):
        seen = letters._UNSEEN.sub("", unicodedata.normalize("NFC", typed).translate(letters._LOOKALIKES))
        assert letters._SPACES.sub(" ", seen).strip() == typed
