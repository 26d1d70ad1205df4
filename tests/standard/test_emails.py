"""E-mail addresses as files hold them: a field and what a careful clerk would write."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import emails


def values(text: str) -> list[str]:
    return [result.value.value for result in emails.standardise(text) if result.value]


JAN = [
    "jan@wp.pl",
    "JAN@WP.PL",
    "  Jan@wp.pl ",
    "mailto:jan@wp.pl",
    "mailto:jan@wp.pl?subject=Hej&body=x",
    "MAILTO:Jan@WP.pl",
    "SMTP:jan@wp.pl",
    '"Kowalski, Jan" <jan@wp.pl>',
    "Jan Kowalski <jan@wp.pl>",
    "Jan Kowalski [jan@wp.pl]",
    "Jan Kowalski (jan@wp.pl)",
    "Jan Kowalski jan@wp.pl",
    "jan@wp.pl <jan@wp.pl>",
    "<jan@wp.pl>",
    "'jan@wp.pl'",
    '"jan@wp.pl"',
    '"jan"@wp.pl',
    "jan@wp.pl.",
    "jan@wp.pl,",
    "jan@wp.pl;",
    "jan@wp.pl/",
    ".jan@wp.pl",
    "e-mail: jan@wp.pl",
    "email jan@wp.pl (praca)",
    "jan@wp.pl - prywatny",
    "jan @ wp.pl",
    "jan@ wp.pl",
    "jan @wp.pl",
    "jan@wp. pl",
    "jan@wp .pl",
    "j a n @ w p . p l",
    "jan (at) wp (dot) pl",
    "jan(at)wp.pl",
    "jan[at]wp[dot]pl",
    "jan {at} wp {dot} pl",
    "jan at wp dot pl",
    "jan AT wp DOT pl",
    "jan at wp.pl",
    "jan(małpa)wp.pl",
    "jan małpa wp kropka pl",
    "jan (ät) wp.pl",
    "jan(a)wp.pl",
    "jan[@]wp.pl",
    "jan_at_wp.pl",
    "jan-at-wp-dot-pl",
    "jan@wp。pl",
    "- jan@wp.pl",
    "-jan@wp.pl",
    "kontakt jan@wp.pl",
    "jan\u200b@wp.pl",
    "\ufeffjan@wp.pl",
    "jan@wp\u00ad.pl",
    "jan\u00a0@\u00a0wp.pl",
    "ｊａｎ＠ｗｐ．ｐｌ",
    "jan&#64;wp.pl",
    "jan%40wp.pl",
    '<a href="mailto:jan@wp.pl">jan@wp.pl</a>',
    "jan@wp.pl\r\n",
]


@pytest.mark.parametrize("text", JAN)
def test_ways_to_write_one_address(text: str) -> None:
    (result,) = emails.standardise(text)
    assert result.value is not None
    assert (result.value.value, result.typed, result.problem) == ("jan@wp.pl", text, "")


SEVERAL = [
    "jan@wp.pl; anna@o2.pl",
    "jan@wp.pl,anna@o2.pl",
    "jan@wp.pl, anna@o2.pl,",
    "jan@wp.pl anna@o2.pl",
    "jan@wp.pl / anna@o2.pl",
    "jan@wp.pl/anna@o2.pl",
    "jan@wp.pl\\anna@o2.pl",
    "jan@wp.pl|anna@o2.pl",
    "jan@wp.pl\nanna@o2.pl",
    "jan@wp.pl lub anna@o2.pl",
    "jan@wp.pl & anna@o2.pl",
    "jan@wp.pl. anna@o2.pl",
    "jan @ wp.pl, anna @ o2.pl",
    "Jan <jan@wp.pl>, Anna <anna@o2.pl>",
    "praca: jan@wp.pl dom: anna@o2.pl",
    "jan@wp.pl (anna@o2.pl)",
    "jan@wp.pl; anna@o2.pl; JAN@wp.pl",
]


@pytest.mark.parametrize("text", SEVERAL)
def test_several_in_one_field(text: str) -> None:
    assert values(text) == ["jan@wp.pl", "anna@o2.pl"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("jan+shop@gmail.com", "jan+shop@gmail.com"),
        ("O'Brien@example.co.uk", "o'brien@example.co.uk"),
        ("jan_kowalski-nowak@my-firm.example.org", "jan_kowalski-nowak@my-firm.example.org"),
        ("1985@wp.pl", "1985@wp.pl"),
        ("jan_at_home@wp.pl", "jan_at_home@wp.pl"),
        ("jan. kowalski@wp.pl", "jan.kowalski@wp.pl"),
        ("jan jan.kowalski@wp.pl", "jan.kowalski@wp.pl"),
        ("jan@ŻÓŁW.pl", "jan@żółw.pl"),
        ("jan@xn--w-uga1v8h.pl", "jan@żółw.pl"),
        ("matti@hyvää.fi", "matti@hyvää.fi"),
        ("jürgen@müller.de", "jürgen@müller.de"),
        ("jan@yahoo.co.za", "jan@yahoo.co.za"),
        ("jan@hotmail.fr", "jan@hotmail.fr"),
        ("jan@mail.com", "jan@mail.com"),
        ("jan@ymail.com", "jan@ymail.com"),
        ("jan@live.com.my", "jan@live.com.my"),
        ("jan@poczta.onet.pl", "jan@poczta.onet.pl"),
        ("jan@example.com", "jan@example.com"),
    ],
)
def test_kept_as_it_is(text: str, value: str) -> None:
    (result,) = emails.standardise(text)
    assert result.value is not None
    assert (result.value.value, result.problem) == (value, "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("jan@gmial.com", "jan@gmail.com"),
        ("jan@gamil.com", "jan@gmail.com"),
        ("jan@gmai.com", "jan@gmail.com"),
        ("jan@gmail.con", "jan@gmail.com"),
        ("jan@gmail.co", "jan@gmail.com"),
        ("jan@gmail.pl", "jan@gmail.com"),
        ("jan@gnail.com", "jan@gmail.com"),
        ("jan@hotmial.com", "jan@hotmail.com"),
        ("jan@hotmai.com", "jan@hotmail.com"),
        ("jan@yaho.com", "jan@yahoo.com"),
        ("jan@yahooo.co.uk", "jan@yahoo.co.uk"),
        ("jan@outlok.com", "jan@outlook.com"),
        ("jan@iclod.com", "jan@icloud.com"),
        ("jan@intera.pl", "jan@interia.pl"),
        ("jan@firma.con", "jan@firma.com"),
        ("jan@firma.cmo", "jan@firma.com"),
        ("www.jan@firma.pl", "jan@firma.pl"),
        ("jan@www.firma.pl", "jan@firma.pl"),
        ("jan@firma.coza", "jan@firma.co.za"),
        ("jan@02.pl", "jan@o2.pl"),
    ],
)
def test_a_misspelt_provider_is_kept_and_the_right_one_proposed(text: str, meant: str) -> None:
    (result,) = emails.standardise(text)
    assert result.value is not None
    assert (result.value.value, result.problem, result.note) == (text, "typo", meant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jan@wp,pl", ["jan@wp.pl"]),
        ("jan@firma.co,za", ["jan@firma.co.za"]),
        ("jan@firma,co,za", ["jan@firma.co.za"]),
        ("jan,kowalski@wp.pl", ["jan.kowalski@wp.pl"]),
        ("jan,kowalski@wp,pl", ["jan.kowalski@wp.pl"]),
        ("jan@wp,pl,anna@o2,pl", ["jan@wp.pl", "anna@o2.pl"]),
        ("j\u0430n@wp.pl", ["jan@wp.pl"]),
        ("jan@.wp.pl", ["jan@wp.pl"]),
        ("jan@gmail com", ["jan@gmail.com"]),
    ],
)
def test_what_can_be_read_one_way_only_is_mended_and_told(text: str, expected: list[str]) -> None:
    results = emails.standardise(text)
    assert [result.value and result.value.value for result in results] == expected
    assert {result.problem for result in results} == {"typo"}
    assert all(result.note for result in results)


INVALID = [
    "jan kowalski@wp.pl", "jan", "jan.wp.pl", "jan@", "@wp.pl", "@jan", "jan@wp", "jan@wp.p",
    "jan..kowalski@wp.pl", "jan.@wp.pl",
    "jan@kowalski@wp.pl",
    "jan@[1.2.3.4]", "jan@wp.123", "jan@-wp.pl", "jan@w_p.pl", "501 234 567", "www.wp.pl", "jan at home",
    "a" * 65 + "@wp.pl", "@",
]  # fmt: skip


@pytest.mark.parametrize("text", ["jan@@wp.pl", "jan@wp..pl", "Jan@@@wp.pl"])
def test_a_doubled_sign_is_proposed_away_and_not_taken_away(text: str) -> None:
    (result,) = emails.standardise(text)
    assert (result.value, result.problem, result.note) == (None, "invalid", "jan@wp.pl")


@pytest.mark.parametrize("text", INVALID)
def test_no_address(text: str) -> None:
    assert [(result.value, result.problem) for result in emails.standardise(text)] == [(None, "invalid")]


@pytest.mark.parametrize("text", ["", " ", "-", "n/a", "brak", "Brak", "ei ole", "none", "NULL"])
def test_nothing_typed_is_no_problem(text: str) -> None:
    assert emails.standardise(text) == []


def test_a_good_address_beside_a_bad_one_is_kept_and_the_bad_one_told() -> None:
    good, bad = emails.standardise("jan@wp.pl; anna@o2")
    assert good.value is not None
    assert (bad.value, bad.problem, bad.note) == (None, "invalid", "anna@o2")


def test_what_is_known_of_an_address() -> None:
    (tagged,) = emails.standardise("Jan+shop@Gmail.com")
    assert tagged.value == emails.Email("jan+shop@gmail.com", "gmail.com", "shop")
    (office,) = emails.standardise("biuro@firma.pl")
    assert office.value is not None
    assert (office.value.role, office.value.disposable) == (True, False)
    (hourly,) = emails.standardise("x1@mailinator.com")
    assert hourly.value is not None
    assert (hourly.value.role, hourly.value.disposable) == (False, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jan.kowalski+shop@gmail.com", "jankowalski@googlemail.com"),
        ("jan+a@wp.pl", "jan@wp.pl"),
        ("józef@wp.pl", "jozef@wp.pl"),
    ],
)
def test_comparable(one: str, other: str) -> None:
    assert emails.comparable(one) == emails.comparable(other)


def test_a_dot_matters_elsewhere() -> None:
    assert emails.comparable("jan.k@wp.pl") != emails.comparable("jank@wp.pl")


LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9_-]{0,10}[a-z0-9])?([.+][a-z0-9]{1,8}){0,2}", fullmatch=True)
DOMAIN = st.from_regex(
    r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.co|\.com)?\.(pl|fi|za|ph|my|uk|de|com|net)", fullmatch=True
).filter(lambda domain: "--" not in domain)


@given(
    LOCAL,
    DOMAIN,
    st.sampled_from(
        ["{}", " {} ", "<{}>", "X Y <{}>", "mailto:{}", "{}.", "({})", "'{}'", "{};", "e-mail: {}"]
    ),
)
def test_a_sound_address_survives_what_is_put_around_it(local: str, domain: str, around: str) -> None:
    address = f"{local}@{domain}"
    assert values(around.format(address)) == [address]
    assert values(around.format(address.upper())) == [address]


@given(st.text(max_size=60) | st.text("ab.,@ ;<>()\"'-_+", max_size=40))
def test_whatever_is_typed_only_valid_addresses_come_out(text: str) -> None:
    for result in emails.standardise(text):
        assert result.typed == text
        if result.value is None:
            assert result.problem == "invalid"
            continue
        assert values(result.value.value) == [result.value.value]
        try:
            validate_email(result.value.value, check_deliverability=False, test_environment=True)
        except EmailNotValidError as refusal:
            raise AssertionError(result.value.value) from refusal


@pytest.mark.parametrize(
    "text",
    [
        "@" * 3000,
        "a@" * 2000,
        "a." * 3000 + "@wp.pl",
        "a," * 3000 + "b@wp.pl",
        "x@y," * 1000,
        "<" * 3000,
        "a@b.pl " * 100_000,
        "a" * 9_999,
    ],
)
def test_endless_fields_end(text: str) -> None:
    emails.standardise(text)
