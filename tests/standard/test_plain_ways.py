"""The short ways for plain names and plain company names read as the long ways do."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import companies, names
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
