"""Birth dates as files hold them: a cell, the country of the file, the partial ISO date a careful clerk would write."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import dates

TODAY = date(2026, 11, 21)


def value(text: str, country: str = "", **options: object) -> str | None:
    return dates.standardise(text, country=country, today=TODAY, **options).value  # type: ignore[arg-type]


WHOLE = [  # all are 3 April 1985
    ("1985-04-03", ""), ("1985/04/03", ""), ("1985.04.03", ""), ("1985 04 03", ""), ("1985/4/3", "ZA"),
    ("1985. 4. 3.", ""), ("19850403", ""),
    ("85/04/03", "ZA"), ("850403", ""), ("03.04.1985", ""), ("3.4.1985", "FI"), ("03. 04. 1985 r.", "PL"),
    ("03/04/1985", "GB"), ("03-04-1985", "PL"),
    ("03 04 1985", "PL"), ("03,04,1985", "PL"), ("03_04_1985", "PL"), ("03\\04\\1985", "ZA"), ("03:04:1985", "FI"),
    ("03..04.1985", "PL"),
    ("3/4/85", "GB"), ("3.4.-85", "FI"), ("3/4-85", "FI"), ("03041985", "PL"), ("3041985", "PL"), ("030485", "DE"),
    ("03.041985", ""), ("0304 1985", "FI"),
    ("04/03/1985", "US"), ("04/03/1985", "PH"), ("4-3-85", "PH"), ("04031985", "US"), ("4/3/1985 12:00:00 AM", "US"),
    ("1985-04-03T00:00:00.000Z", ""), ("1985-04-03T00:00:00+02:00", ""), ("1985-04-03 00:00:00", ""),
    ("1985-04-03 12:00 AM", ""), ("3.4.1985 klo 10:30", "FI"),
    ("Wed Apr 03 1985 00:00:00 GMT+0100 (CET)", ""), ("Wed Apr  3 00:00:00 1985", ""), ("19850403000000", ""),
    ("19850403.0", ""),
    ("3 April 1985", ""), ("April 3, 1985", ""), ("Apr. 3rd, 1985", ""), ("the 3rd of April 1985", ""),
    ("3rd Apr '85", ""), ("03APR1985", ""), ("3-Apr-85", ""),
    ("1985 April 3", ""), ("Wednesday, 3 April 1985", ""), ("born on 3 April 1985", ""), ("3 Apirl 1985", ""),
    ("3 kwietnia 1985 r.", ""), ("3 kwiecień 1985", ""), ("3-go kwietnia 1985", ""), ("3.kwietnia.1985r.", ""),
    ("03-kwi-85", ""), ("3 KWI 1985", ""),
    ("środa, 3 kwietnia 1985", ""), ("ur. 3.04.1985", ""), ("ur. 3 IV 1985 r.", ""), ("3.IV.85", ""),
    ("3/iv/1985", ""), ("03.04.1985 Kraków", ""), ("03.04.1985 (41 lat)", ""),
    ("3. huhtikuuta 1985", ""), ("huhtikuun 3. päivä 1985", ""), ("3.huhtik.1985", ""), ("s. 3.4.1985", ""),
    ("synt. 3.4.1985 Turku", ""), ("ke 3.4.1985", ""),
    ("3 April 1985", ""), ("die 3de April 1985", ""), ("Woensdag 3 April 1985", ""), ("gebore 3 April 1985", ""),
    ("ika-3 ng Abril 1985", ""), ("Abril 3, 1985", ""), ("Miyerkules, Abril 3, 1985", ""), ("ika-3 ng Abril, 1985", ""),
    ("3hb April 1985", ""), ("3 haribulan April 1985", ""), ("Rabu, 3 April 1985", ""), ("lahir 3 April 1985", ""),
    ("3. April 1985", ""), ("Mittwoch, den 3. April 1985", ""), ("geb. 03.04.1985", ""), ("geboren am 3. Apr. 1985", ""),
    ("3 avril 1985", ""), ("3 de abril de 1985", ""), ("den 3 april 1985", ""),
    ("１９８５－０４－０３", ""), ("٠٣/٠٤/١٩٨٥", "GB"), ("O3.O4.1985", ""), ("'03.04.1985", ""), ('"03.04.1985"', ""),
    ("03.04.1985.", ""), ("03.04.1985?", ""), ("\u200e03.04.1985", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country"), WHOLE)
def test_a_whole_date(text: str, country: str) -> None:
    result = dates.standardise(text, country=country, today=TODAY)
    assert (result.value, result.typed, result.problem) == ("1985-04-03", text, "")


MONTHS = [
    ("3 Maart 1985", "03"), ("3 Mrt 1985", "03"), ("3 Desember 1985", "12"), ("3 Junie 1985", "06"),
    ("3 Augustus 1985", "08"),
    ("Enero 3, 1985", "01"), ("Pebrero 3, 1985", "02"), ("Marso 3, 1985", "03"), ("Mayo 3, 1985", "05"),
    ("Hunyo 3, 1985", "06"), ("Hul 3, 1985", "07"),
    ("Agosto 3, 1985", "08"), ("Setyembre 3, 1985", "09"), ("Okt 3, 1985", "10"), ("Nobyembre 3, 1985", "11"),
    ("Disyembre 3, 1985", "12"), ("Mar, 3 Set 1985", "09"),
    ("3 Mac 1985", "03"), ("3 Mei 1985", "05"), ("3 Julai 1985", "07"), ("3 Ogos 1985", "08"),
    ("3 Dis 1985", "12"), ("3 Jun 1985", "06"),
    ("3. tammikuuta 1985", "01"), ("3. helmikuuta 1985", "02"), ("3. maalis 1985", "03"),
    ("3. toukokuuta 1985", "05"), ("3. kesäkuuta 1985", "06"),
    ("3. heinäk. 1985", "07"), ("3. elokuuta 1985", "08"), ("3. syyskuuta 1985", "09"),
    ("3. lokakuuta 1985", "10"), ("3. marrask. 1985", "11"), ("3. joulukuuta 1985", "12"),
    ("3 stycznia 1985", "01"), ("3 lutego 1985", "02"), ("3 marca 1985", "03"), ("3 maja 1985", "05"),
    ("3 czerwca 1985", "06"), ("3 lipca 1985", "07"),
    ("3 sierpnia 1985", "08"), ("3 września 1985", "09"), ("3 paź 1985", "10"), ("3 października 1985", "10"),
    ("3 listopada 1985", "11"), ("3 gru 1985", "12"),
    ("3. Jänner 1985", "01"), ("3. Februar 1985", "02"), ("3. März 1985", "03"), ("3. Mai 1985", "05"),
    ("3. Okt. 1985", "10"), ("3. Dezember 1985", "12"),
    ("3 Febuary 1985", "02"), ("3 Septmber 1985", "09"), ("3 VIII 1985", "08"), ("3 XII 1985", "12"),
    ("3 I 1985", "01"), ("3 V 1985", "05"), ("3.X.1985", "10"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "month"), MONTHS)
def test_months_by_name(text: str, month: str) -> None:
    assert value(text) == f"1985-{month}-03"


PARTIAL = [
    ("1985", "1985", ""), ("1985 r.", "1985", ""), ("rok 1985", "1985", ""), ("'85", "1985", ""),
    ("ca. 1985", "1985", ""), ("ok. 1985", "1985", ""),
    ("b. 1985", "1985", ""), ("vuonna 1985", "1985", ""), ("Jg. 1985", "1985", ""), ("1985.0", "1985", ""),
    ("1985?", "1985", ""), ("(1985)", "1985", ""),
    ("1985-00-00", "1985", ""), ("00.00.1985", "1985", ""), ("??.??.1985", "1985", ""), ("xx/xx/1985", "1985", ""),
    ("dd/mm/1985", "1985", ""),
    ("1985-04", "1985-04", ""), ("04/1985", "1985-04", ""), ("4.1985", "1985-04", ""), ("1985/04", "1985-04", ""),
    ("04/85", "1985-04", ""), ("198504", "1985-04", ""),
    ("April 1985", "1985-04", ""), ("Apr-85", "1985-04", ""), ("Apr-03", "2003-04", ""),
    ("w kwietniu 1985", "1985-04", ""), ("huhtikuussa 1985", "1985-04", ""), ("IV 1985", "1985-04", ""),
    ("Apr '03", "2003-04", ""), ("1985-04-00", "1985-04", ""), ("00.04.1985", "1985-04", ""),
    ("??.04.1985", "1985-04", ""), ("--.04.1985", "1985-04", ""), ("1985-04-XX", "1985-04", ""),
    ("--04-03", "--04-03", ""), ("--0403", "--04-03", ""), ("0000-04-03", "--04-03", ""),
    ("1604-04-03", "--04-03", ""), ("03.04.", "--04-03", ""),
    ("3.4.", "--04-03", "FI"), ("3/4", "--04-03", "GB"), ("4/3", "--04-03", "US"), ("25/12", "--12-25", ""),
    ("12/25", "--12-25", ""), ("3 April", "--04-03", ""),
    ("April 3", "--04-03", ""), ("3-Apr", "--04-03", ""), ("3 kwietnia", "--04-03", ""),
    ("3. huhtikuuta", "--04-03", ""), ("03.04.????", "--04-03", ""), ("03.04.0000", "--04-03", "PL"),
    ("29 lutego", "--02-29", ""), ("29.02.", "--02-29", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "country"), PARTIAL)
def test_a_date_lacking_a_part(text: str, expected: str, country: str) -> None:
    assert value(text, country) == expected


INVALID = [
    "31.02.1985", "30/02/1985", "29.02.1985", "31 June 1985", "32.01.1985", "13.13.1985", "99.99.9999",
    "1985-13-01", "1985-13-04", "1985-00-03",
    "2026-11-22", "01.01.2085", "December 2026", "2027", "40", "40 lat", "85", "12345", "31140", "abc", "today",
    "April", "Wednesday", "3rd", "30.02.", "--02-30",
    "1985-1990", "1985/86", "1985 or 1986", "born in the sixties", "80s", "501 234 567", "85040312345",
    "0985-04-03", "30/02/12",
]  # fmt: skip


@pytest.mark.parametrize("text", INVALID)
def test_no_date(text: str) -> None:
    result = dates.standardise(text, today=TODAY)
    assert (result.value, result.typed, result.problem) == (None, text, "invalid")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-",
        "n/a",
        "brak",
        "unknown",
        "ei tiedossa",
        "NULL",
        "0000-00-00 00:00:00",
        "0/0/00",
        "00.00.0000",
    ],
)
def test_nothing_typed_is_no_problem(text: str) -> None:
    assert dates.standardise(text) == dates.Standard(None, text)


@pytest.mark.parametrize(
    "text", ["03/04/1985", "3/4/85", "03-04-1985", "030485", "03041985", "01/02/03", "3/4", "3/4/1985 0:00"]
)
def test_undecided_day_and_month(text: str) -> None:
    result = dates.standardise(text, today=TODAY)
    assert (result.value, result.problem) == (None, "ambiguous")
    first, second = result.note.split(" | ")
    assert {first, second} == {value(text, order="dmy"), value(text, order="mdy")}


@pytest.mark.parametrize(
    ("country", "language", "expected"),
    [
        ("PL", "", "1985-04-03"), ("GB", "", "1985-04-03"), ("ZA", "", "1985-04-03"), ("MY", "", "1985-04-03"),
        ("US", "", "1985-03-04"), ("PH", "", "1985-03-04"),
        ("", "pl", "1985-04-03"), ("", "fi", "1985-04-03"), ("", "ms", "1985-04-03"), ("", "fil", "1985-03-04"),
        ("", "en", None), ("CA", "en", None), ("GB", "fil", "1985-04-03"),
    ],
)  # fmt: skip
def test_country_and_language_decide(country: str, language: str, expected: str | None) -> None:
    assert value("03/04/1985", country, language=language) == expected


@pytest.mark.parametrize(
    ("text", "country"), [("13/04/1985", "US"), ("04/13/1985", "GB"), ("13/04/1985", ""), ("04/13/1985", "")]
)
def test_an_impossible_month_turns_the_order(text: str, country: str) -> None:
    assert value(text, country) == "1985-04-13"


def test_the_same_day_and_month_is_not_ambiguous() -> None:
    assert value("04/04/1985") == "1985-04-04"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.4.25", "2025-04-03"),
        ("21.11.26", "2026-11-21"),
        ("22.11.26", "1926-11-22"),
        ("3.4.27", "1927-04-03"),
        ("3.4.00", "2000-04-03"),
    ],
)
def test_two_digit_years_are_the_latest_that_have_been(text: str, expected: str) -> None:
    assert value(text, "PL") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("31140", "1985-04-03"), ("31140.0", "1985-04-03"), ("31140,5", "1985-04-03"), ("61", "none"), ("9999", "1927-05-17"),
     ("1985", "1985"), ("60000", "none"),
     ("03.04.1985", "1985-04-03"), ("19850403", "1985-04-03"), ("46347", "2026-11-21"), ("46348", "none")],
)  # fmt: skip
def test_excel_serials(text: str, expected: str) -> None:
    assert (value(text, excel=True) or "none") == expected


COLUMNS = [
    (["03/04/1985", "13/04/1985", "05/06/1990"], "", "dmy"),
    (["03/04/1985", "04/13/1985", "05/06/1990"], "", "mdy"),
    (["03/04/1985", "04/13/1985", "04/25/1971"], "PL", "mdy"),
    (["13/04/1985", "04/13/1985"], "", ""),
    (["13/04/1985", "04/13/1985"], "GB", "dmy"),
    (["85/04/03", "71-12-30"], "", "ymd"),
    (["1985-04-03", "n/a", ""], "", ""),
    (["1985-04-03"], "PH", "mdy"),
    (["04/13", "12/01", "07/30"], "", "mdy"),
    (["31.12.", "1.2.", "04/85"], "PH", "dmy"),
    ([], "FI", "dmy"),
]


@pytest.mark.parametrize(("column", "country", "expected"), COLUMNS)
def test_the_column_decides(column: list[str], country: str, expected: str) -> None:
    assert dates.order_of(column, country=country) == expected


DAYS = st.dates(min_value=date(1927, 1, 1), max_value=TODAY)


LOCALES = st.sampled_from(["pl", "fi", "af", "fil", "ms", "en_GB", "de"])


@given(DAYS, LOCALES, st.sampled_from(["full", "long", "medium"]), st.sampled_from(["GB", "US", "PL"]))
def test_dates_in_words_as_each_language_writes_them(day: date, locale: str, form: str, country: str) -> None:
    written = format_date(day, form, locale=locale)
    in_figures = not any(c.isalpha() for c in written)
    assert value(written, "GB" if in_figures else country) == day.isoformat()


@given(
    DAYS,
    st.sampled_from(["PL", "FI", "ZA", "PH", "MY", "GB", "DE", "US"]),
    st.sampled_from("./- "),
    st.booleans(),
)
def test_figures_as_each_country_orders_them(day: date, country: str, mark: str, short: bool) -> None:
    figures = (
        [f"{day.month:02}", f"{day.day:02}"]
        if country in ("PH", "US")
        else [f"{day.day:02}", f"{day.month:02}"]
    )
    year = f"{day.year % 100:02}" if short else str(day.year)
    read = value(mark.join([*figures, year]), country)
    assert read == day.isoformat() or (short and read == day.replace(year=day.year + 100).isoformat())


@given(DAYS)
def test_serials_are_days_counted_as_excel_does(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    assert value(str(serial), excel=True) == day.isoformat()


@given(
    st.text(max_size=40) | st.text("0123456789./- '?", max_size=16),
    st.sampled_from(["", "PL", "US", "ZA"]),
    st.booleans(),
)
def test_whatever_is_typed_only_dates_that_have_been_come_out(text: str, country: str, excel: bool) -> None:
    result = dates.standardise(text, country=country, excel=excel, today=TODAY)
    assert result.typed == text
    if result.value is None:
        return
    assert result.problem == ""
    assert value(result.value) == result.value
    year, month, day = (*result.value.removeprefix("--").split("-"), "1", "1")[:3]
    if result.value.startswith("--"):
        year, month, day = "2000", year, month
    assert date(int(year), int(month), int(day)) <= TODAY


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1." * 50_000, "a " * 50_000, "?" * 200, "(" * 200, "3 April " * 20]
)
def test_endless_cells_end(text: str) -> None:
    assert value(text) is None
