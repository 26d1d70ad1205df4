"""How two customers are compared: for each matter its levels, from "the same" to "differs".

Every level has three starting weights: how often it is seen between two records of one person (`same`), of
two people of one home or office (`home`), and of two strangers (`chance`). They serve a tiny base as they
are; a larger base corrects them (model.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. `word` is what reasons call it, `sql` speaks of columns ending _l and _r."""

    word: str
    sql: str
    same: float
    home: float
    chance: float


@dataclass(frozen=True)
class Comparison:
    """A matter that is compared. `unknown` is the SQL of "cannot be told"; the last level is what remains.

    `rarity` names the column of the card whose frequency replaces `chance` at the levels in `rare_at`.
    """

    name: str
    unknown: str
    levels: tuple[Level, ...]
    rarity: str = ""
    rare_at: tuple[str, ...] = ()

    def splink(self) -> dict[str, Any]:
        """The comparison as Splink's settings take it."""
        last = len(self.levels) - 1
        levels: list[dict[str, Any]] = [{"sql_condition": self.unknown, "is_null_level": True}]
        levels += [
            {
                "sql_condition": "ELSE" if at == last else level.sql,
                "label_for_charts": level.word,
                "m_probability": level.same,
                "u_probability": level.chance,
            }
            for at, level in enumerate(self.levels)
        ]
        return {"output_column_name": self.name, "comparison_levels": levels}


def _neither(*columns: str) -> str:
    return " or ".join(f"{column}_l is null or {column}_r is null" for column in columns)


def only_if(cheap: str, dear: str) -> str:
    """Both conditions, the dear one looked at only where the cheap one holds: of an AND DuckDB may take either first."""
    return f"(case when {cheap} then {dear} else false end)"


def one_slip(one: str, other: str) -> str:
    """Whether two columns (of four letters or more) are one slip apart: a letter more, less or other, two swapped.

    Counting slips takes thirty times as long as Jaro's similarity, which is above .8 wherever there is but one.
    """
    return only_if(
        f"abs(length({one}) - length({other})) < 2 and jaro_similarity({one}, {other}) > 0.8",
        f"damerau_levenshtein({one}, {other}) = 1",
    )


_SWAPPED = "(given_l = family_r and family_l = given_r)"
_CLOSE_GIVEN = (
    "(length(given_l) > 3 and length(given_r) > 3 and (jaro_winkler_similarity(given_l, given_r) >= 0.92 "
    f"or {one_slip('given_l', 'given_r')}))"
)
_CLOSE_FAMILY = (
    "(length(family_l) > 3 and length(family_r) > 3 and (jaro_winkler_similarity(family_l, family_r) >= 0.93 "
    f"or {one_slip('family_l', 'family_r')}))"
)
_ALIKE_FAMILY = (
    "(length(family_l) > 4 and length(family_r) > 4 and jaro_winkler_similarity(family_l, family_r) >= 0.86)"
)

# Siti Aminah and Siti Zaleha, Wei Ming and Wei Liang: the second word tells who it is.
_OTHER_SECOND = only_if(
    "length(given_rest_l) > 2 and length(given_rest_r) > 2",
    "(list_has_any(roots_l, roots_r) "
    "and not contains(given_rest_l, given_rest_r) and not contains(given_rest_r, given_rest_l) "
    "and jaro_winkler_similarity(given_rest_l, given_rest_r) < 0.85 "
    "and not list_has_any(string_split(given_rest_l, ' '), string_split(given_rest_r, ' ')))",
)

GIVEN = Comparison(
    "given", _neither("given"),
    (
        Level("other_second_given", _OTHER_SECOND, 0.01, 0.03, 0.003),
        Level("same_given", f"given_l = given_r or {_SWAPPED}", 0.73, 0.025, 0.006),
        Level("diminutive", "list_has_any(roots_l, roots_r)", 0.05, 0.004, 0.002),
        Level("part_of_given", "list_has_any(given_parts_l, given_parts_r)", 0.04, 0.01, 0.006),
        Level("close_given", f"meant_l = meant_r or {_CLOSE_GIVEN}", 0.06, 0.01, 0.004),
        Level("initial", "(length(given_l) = 1 or length(given_r) = 1) and left(given_l, 1) = left(given_r, 1)",
              0.02, 0.004, 0.004),
        Level("other_given", "", 0.08, 0.917, 0.975),
    ),
    rarity="meant", rare_at=("same_given", "diminutive"),
)  # fmt: skip

FAMILY = Comparison(
    "family", _neither("family"),
    (
        Level("same_family", f"family_l = family_r or {_SWAPPED}", 0.80, 0.74, 0.002),
        Level("part_of_family", "list_has_any(family_parts_l, family_parts_r)", 0.03, 0.03, 0.002),
        Level("close_family", _CLOSE_FAMILY, 0.09, 0.02, 0.002),
        Level("alike_family", _ALIKE_FAMILY, 0.02, 0.01, 0.003),
        Level("family_initial",
              "(length(family_l) = 1 or length(family_r) = 1) and left(family_l, 1) = left(family_r, 1)",
              0.01, 0.01, 0.003),
        Level("other_family", "", 0.05, 0.20, 0.991),
    ),
    rarity="family", rare_at=("same_family",),
)  # fmt: skip

_WHOLE = _neither("birth")

BIRTH = Comparison(
    "birth", _WHOLE,
    (
        Level("same_birth", "birth_l = birth_r", 0.874, 0.02, 0.00006),
        Level("birth_swapped",
              "birth_year_l = birth_year_r and birth_month_l = birth_day_r and birth_day_l = birth_month_r",
              0.02, 0.0004, 0.0001),
        Level("birth_one_digit", "hamming(birth_l, birth_r) = 1 "
              "or (hamming(birth_l, birth_r) = 2 and damerau_levenshtein(birth_l, birth_r) = 1)", 0.05, 0.006, 0.0012),
        Level("birth_same_day", "birth_month_l = birth_month_r and birth_day_l = birth_day_r", 0.01, 0.005, 0.0025),
        Level("birth_near", "birth_year_l = birth_year_r and (birth_month_l = birth_month_r or birth_day_l = birth_day_r)",
              0.02, 0.004, 0.002),
        Level("birth_generation", "abs(birth_year_l - birth_year_r) >= 15", 0.008, 0.45, 0.45),
        Level("birth_contradicts", "", 0.018, 0.5146, 0.54374),
    ),
    rarity="birth", rare_at=("same_birth",),
)  # fmt: skip

_DAY = "birth_month_l = birth_month_r and birth_day_l = birth_day_r"
_YEAR = "birth_year_l = birth_year_r"
BIRTH_PART = Comparison(
    "birth_part",
    f"not ({_WHOLE}) or ((birth_month_l is null or birth_month_r is null) "
    "and (birth_year_l is null or birth_year_r is null))",
    (
        Level("same_birthday", f"{_DAY} and (birth_year_l is null or birth_year_r is null)", 0.50, 0.01, 0.002),
        Level("same_birth_month", f"birth_month_l = birth_month_r and {_YEAR}", 0.20, 0.006, 0.0015),
        Level("same_birth_year", f"{_YEAR} and (birth_month_l is null or birth_month_r is null)", 0.25, 0.03, 0.018),
        Level("birth_contradicts", "", 0.05, 0.954, 0.9785),
    ),
)  # fmt: skip

# One digit is another, or two neighbours changed places. Their difference shows it soon of most; where digits are carried
# (10185, 10230) it only seems so.
_PHONE_DIFF = "cast(abs(phones_l[1]::hugeint - phones_r[1]::hugeint) as varchar)"
_PHONE_SLIP = (
    f"regexp_matches({_PHONE_DIFF}, '^(9|18|27|36|45|54|63|72|81|[1-8])0*$') "
    "and damerau_levenshtein(phones_l[1]::varchar, phones_r[1]::varchar) = 1"
)
PHONE = Comparison(
    "phone",
    "not has_phone_l or not has_phone_r",
    (
        Level("same_phone", "list_has_any(phones_l, phones_r)", 0.54, 0.10, 0.0001),
        Level("phone_of_many", "list_has_any(home_phones_l, home_phones_r) and (phones_l is null or phones_r is null)",
              0.08, 0.20, 0.0001),
        Level("phone_of_many", "list_has_any(shared_phones_l, shared_phones_r)", 0.06, 0.15, 0.0003),
        Level("phone_one_digit", _PHONE_SLIP, 0.03, 0.003, 0.0004),
        Level("other_phone", "", 0.29, 0.547, 0.9992),
    ),
)  # fmt: skip

_TELLS = "(list_has_any(tells_l, forms_r) or list_has_any(tells_r, forms_l))"
# The address is its user's own when it is made of the name on either card.
_OWN = (
    f"(contains(letters_l, given_l) or contains(letters_l, given_r) or {_TELLS} "
    "or list_has_any(tells_l, forms_l) or list_has_any(tells_r, forms_r))"
)
_DIGITS = "regexp_replace(email_{0}, '[^0-9]', '', 'g')"
_CLOSE_MAIL = only_if(
    "left(email_l, 1) = left(email_r, 1) and length(letters_l) > 5 and abs(length(email_l) - length(email_r)) < 3 "
    "and jaro_winkler_similarity(email_l, email_r) > 0.9",
    f"((jaro_winkler_similarity(email_l, email_r) > 0.96 or {one_slip('email_l', 'email_r')}) "
    f"and {_DIGITS.format('l')} = {_DIGITS.format('r')})",
)
# anna.nowak@ at two providers may well be two people of that name; with digits it is hardly so.
_ELSEWHERE = only_if(
    "local_l = local_r", f"(regexp_matches(local_l, '[0-9]') or not coalesce({_OWN}, false))"
)
_SAME_MAIL = "list_has_any(mails_l, mails_r)"
EMAIL = Comparison(
    "email",
    "not has_mail_l or not has_mail_r",
    (
        Level("same_own_email", only_if(_SAME_MAIL, _OWN), 0.42, 0.05, 0.00001),
        Level("same_email", _SAME_MAIL, 0.30, 0.20, 0.00003),
        Level("email_of_many", "list_has_any(shared_mails_l, shared_mails_r)", 0.03, 0.10, 0.0003),
        Level("close_email", _CLOSE_MAIL, 0.04, 0.004, 0.00001),
        Level("email_elsewhere", _ELSEWHERE, 0.04, 0.002, 0.00002),
        Level("other_email", "", 0.17, 0.644, 0.99963),
    ),
)  # fmt: skip

# What an e-mail tells of a name counts only where the other name is missing: else it says the same twice.
_UNTOLD = (
    "not ((family_l is null or length(family_l) = 1) and letters_l is not null and family_r is not null"
    " or (family_r is null or length(family_r) = 1) and letters_r is not null and family_l is not null)"
)
TOLD = Comparison(
    "told", _UNTOLD,
    (
        Level("email_tells_name", _TELLS, 0.45, 0.10, 0.001),
        Level("email_tells_family", "contains(letters_l, family_r) or contains(letters_r, family_l)", 0.10, 0.10, 0.002),
        Level("email_silent", "", 0.45, 0.80, 0.997),
    ),
    rarity="family", rare_at=("email_tells_name", "email_tells_family"),
)  # fmt: skip

_PLACE = (
    "(postcode_l = postcode_r or city_l = city_r or "
    "((postcode_l is null or postcode_r is null) and (city_l is null or city_r is null)))"
)
_STREET = "(street_l = street_r or jaro_winkler_similarity(street_l, street_r) > 0.9)"
_CITY = "(city_l = city_r or jaro_winkler_similarity(city_l, city_r) > 0.93)"
ADDRESS = Comparison(
    "address",
    f"({_neither('street')}) and ({_neither('postcode')}) and ({_neither('city')})",
    (
        Level("same_door", f"{_STREET} and number_l = number_r and flat_l = flat_r and {_PLACE}", 0.20, 0.28, 0.00002),
        Level("same_house", f"{_STREET} and number_l = number_r and (flat_l is null or flat_r is null) and {_PLACE}",
              0.34, 0.37, 0.0001),
        Level("same_street", f"{_STREET} and {_PLACE} and (number_l is null or number_r is null)",
              0.04, 0.03, 0.0003),
        Level("other_address", f"not ({_neither('street', 'number')}) and {_CITY}", 0.07, 0.05, 0.02),
        Level("same_postcode", "postcode_l = postcode_r", 0.09, 0.06, 0.002),
        Level("same_city", _CITY, 0.12, 0.07, 0.011),
        Level("other_address", "", 0.14, 0.14, 0.96658),
    ),
)  # fmt: skip

# The same given name has the same sex: that says nothing more.
SEX = Comparison(
    "sex", f"{_neither('sex')} or list_has_any(roots_l, roots_r)",
    (Level("same_sex", "sex_l = sex_r", 0.985, 0.45, 0.5), Level("other_sex", "", 0.015, 0.55, 0.5)),
)  # fmt: skip

MIDDLE = Comparison(
    "middle", _neither("middle"),
    (
        Level("same_middle", "middle_l = middle_r", 0.85, 0.08, 0.02),
        Level("middle_initial",
              "(length(middle_l) = 1 or length(middle_r) = 1) and left(middle_l, 1) = left(middle_r, 1)",
              0.09, 0.03, 0.03),
        Level("other_middle", "", 0.06, 0.89, 0.95),
    ),
)  # fmt: skip

SUFFIX = Comparison(
    "suffix", _neither("suffix"),
    (Level("same_suffix", "suffix_l = suffix_r", 0.97, 0.10, 0.5), Level("other_suffix", "", 0.03, 0.90, 0.5)),
)  # fmt: skip

# "Acme Syst. Ltd" is Acme Systems; IBM is International Business Machines.
_ABBREVIATED = (
    "(firm_words_l[1] = firm_words_r[1] and (starts_with(firm_l, left(firm_r, length(firm_words_r[1]) + 3)) "
    "or starts_with(firm_r, left(firm_l, length(firm_words_l[1]) + 3)))) "
    "or firm_l = firm_initials_r or firm_r = firm_initials_l"
)
# One word written otherwise, the others alike: Oldroyd Stel, but not Oldroyd Steel Leeds and Oldroyd Steel Luton.
_OTHER_WORDS = "list_filter(firm_words_{0}, x -> not list_contains(firm_words_{1}, x))"
_ODD_L, _ODD_R = _OTHER_WORDS.format("l", "r"), _OTHER_WORDS.format("r", "l")
_ONE_WORD_OFF = (
    f"(len({_ODD_L}) = 1 and len({_ODD_R}) = 1 and damerau_levenshtein({_ODD_L}[1], {_ODD_R}[1]) "
    f"<= 1 + length({_ODD_L}[1]) // 8)"
)
# Brzezina Leeds, which is not in Leeds, is a branch or a daughter of Brzezina.
_ODD_TOWN = (
    "len(list_filter(firm_towns_{0}, x -> not list_contains(firm_words_{1}, x))) > 0 "
    "and not coalesce(list_contains(firm_towns_{0}, city_{1}), false)"
)
_BRANCH = only_if(
    "firm_towns_l is not null or firm_towns_r is not null",
    f"(list_has_all(firm_words_l, firm_words_r) and {_ODD_TOWN.format('l', 'r')} "
    f"or list_has_all(firm_words_r, firm_words_l) and {_ODD_TOWN.format('r', 'l')})",
)
FIRM = Comparison(
    "firm", _neither("firm"),
    (
        Level("other_number", "(len(firm_numbers_l) > 0 and len(firm_numbers_r) > 0 "
              "and not list_has_any(firm_numbers_l, firm_numbers_r))", 0.002, 0.05, 0.01),
        Level("same_firm", "firm_l = firm_r", 0.618, 0.02, 0.00001),
        Level("same_firm_letters", "replace(firm_l, ' ', '') = replace(firm_r, ' ', '') "
              "or list_sort(firm_words_l) = list_sort(firm_words_r)", 0.06, 0.004, 0.00001),
        Level("close_firm", "length(firm_l) > 4 and length(firm_r) > 4 and left(firm_l, 1) = left(firm_r, 1) "
              f"and ({one_slip('firm_l', 'firm_r')} or {_ONE_WORD_OFF})", 0.14, 0.03, 0.0001),
        Level("branch_of_firm", _BRANCH, 0.002, 0.05, 0.0005),
        Level("part_of_firm", "list_has_all(firm_words_l, firm_words_r) or list_has_all(firm_words_r, firm_words_l)",
              0.08, 0.05, 0.0015),
        Level("abbreviated_firm", _ABBREVIATED, 0.03, 0.01, 0.0005),
        Level("firm_words", "firm_words_l[1] = firm_words_r[1] and len(list_intersect(firm_words_l, firm_words_r)) "
              ">= 0.5 * greatest(len(firm_words_l), len(firm_words_r))", 0.04, 0.05, 0.001),
        Level("other_firm", "", 0.03, 0.79, 0.986),
    ),
    rarity="firm_words[1]", rare_at=("firm_words",),
)  # fmt: skip

# "(Pty) Ltd" is written "Ltd"; a Sdn Bhd is no PLT.
FORM = Comparison(
    "form", _neither("form"),
    (
        Level("same_form", "contains(form_l, form_r) or contains(form_r, form_l)", 0.96, 0.45, 0.4),
        Level("other_form", "", 0.04, 0.55, 0.6),
    ),
)  # fmt: skip

COMPANY = Comparison(
    "company", _neither("company"),
    (
        Level("same_company", "company_l = company_r", 0.70, 0.60, 0.002),
        Level("close_company", "jaro_winkler_similarity(company_l, company_r) >= 0.92", 0.15, 0.10, 0.002),
        Level("other_company", "", 0.15, 0.30, 0.996),
    ),
)  # fmt: skip

IDS = Comparison(
    "ids", f"{_neither('ids')} or not list_has_any(id_makes_l, id_makes_r)",
    (
        Level("same_registration", "list_has_any(ids_l, ids_r)", 0.89, 0.001, 0.00001),
        Level("registration_one_digit", "damerau_levenshtein(national_id_l, national_id_r) = 1", 0.06, 0.002, 0.00002),
        Level("other_registration", "", 0.05, 0.997, 0.99997),
    ),
)  # fmt: skip

BIRTH_PLACE = Comparison(
    "birth_place", _neither("birth_place"),
    (
        Level("same_birth_place", "birth_place_l = birth_place_r", 0.75, 0.50, 0.02),
        Level("close_birth_place", "jaro_winkler_similarity(birth_place_l, birth_place_r) >= 0.9", 0.07, 0.02, 0.01),
        Level("other_birth_place", "", 0.18, 0.48, 0.97),
    ),
    rarity="birth_place", rare_at=("same_birth_place",),
)  # fmt: skip

PROFESSION = Comparison(
    "profession", _neither("profession"),
    (
        Level("same_profession", "profession_l = profession_r", 0.70, 0.15, 0.05),
        Level("other_profession", "", 0.30, 0.85, 0.95),
    ),
    rarity="profession", rare_at=("same_profession",),
)  # fmt: skip

# A firm and somebody who works there share all but what they are.
KIND = Comparison(
    "kind", "(firm_l is null and given_l is null and family_l is null) "
    "or (firm_r is null and given_r is null and family_r is null)",
    (
        Level("same_kind", "(firm_l is null) = (firm_r is null)", 0.995, 0.80, 0.80),
        Level("firm_and_person", "", 0.005, 0.20, 0.20),
    ),
)  # fmt: skip

SOURCE = Comparison(
    "source", _neither("source"),
    (Level("same_source", "source_l = source_r", 0.15, 0.35, 0.35), Level("other_source", "", 0.85, 0.65, 0.65)),
)  # fmt: skip

ALL = (
    GIVEN, FAMILY, BIRTH, BIRTH_PART, PHONE, EMAIL, TOLD, ADDRESS, SEX, MIDDLE, SUFFIX, FIRM, FORM, COMPANY, IDS,
    BIRTH_PLACE, PROFESSION, KIND, SOURCE,
)  # fmt: skip


def place(comparison: Comparison) -> int:
    """Where a comparison stands among ALL."""
    return ALL.index(comparison)


def at_words(comparison: Comparison, *words: str) -> list[int]:
    """The places of the levels called so."""
    return [at for at, level in enumerate(comparison.levels) if level.word in words]


OWN = frozenset({"given", "birth", "birth_part", "middle", "suffix", "ids", "told", "firm", "form", "kind"})
"""What people of one home do not share: twins and a son named after his father are in the starting weights, and
the base is not asked, since pairs of one person would teach it wrong."""

CONTRADICTING = frozenset(
    {"given", "firm", "form", "birth", "birth_part", "middle", "suffix", "ids", "sex", "kind"}
)
"""Where one person does not differ from herself but by mistake: these keep a cluster apart."""

UNIQUE = frozenset({"phone", "email", "ids", "firm"})
"""What strangers share only by a slip: random pairs cannot tell how seldom."""
