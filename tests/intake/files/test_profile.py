"""The country, the language and the order of dates of a file as a whole."""

import pytest

from kartoteka.intake.files import date_orders, guess_country, guess_language, propose

FILES = [
    ("PL", "pl", ["Imię i nazwisko", "Telefon", "Adres"], ["Ewa Świt", "600 100 200", "ul. Długa 5, 45-001 Opole"]),
    ("FI", "fi", ["Nimi", "Puhelin", "Osoite"], ["Päivi Mäkelä", "040 1234567", "Katu 5, 00100 Helsinki"]),
    ("DE", "de", ["Name", "Telefon", "Straße"], ["Jürgen Groß", "0171 1234567", "Hauptstraße 5"]),
    ("MY", "ms", ["Nama", "No. Tel", "Alamat"], ["Siti binti Ali", "012-345 6789", "12 Jalan Raja, 50000 KL"]),
    ("PH", "fil", ["Pangalan", "Numero", "Tirahan"], ["Jose Cruz", "0917 123 4567", "Brgy. Uno, Manila"]),
    ("ZA", "af", ["Naam en van", "Selnommer", "Adres"], ["Jan Botha", "082 123 4567", "Kerkstraat 5, Paarl"]),
    ("GB", "en", ["Name", "Phone", "Address"], ["Ann Doe", "07700 900123", "5 High Street, Leeds LS1 1AA"]),
]  # fmt: skip


@pytest.mark.parametrize(("country", "language", "columns", "row"), FILES, ids=[each[0] for each in FILES])
def test_at_home(country, language, columns, row):
    sample = [row] * 6
    fields = [each.field for each in propose(columns, sample)]
    assert guess_country(sample, fields, columns) == country
    assert guess_language(sample, columns) == language


def test_a_file_of_many_countries_is_at_home_in_none():
    sample = [["+48 600100200"], ["+358 401234567"], ["+27 821234567"], ["+60 123456789"]] * 3
    assert guess_country(sample, ["phone"]) == ""
    assert guess_country([], []) == ""
    assert guess_language([]) == ""


def test_a_country_column_and_codes_decide():
    assert guess_country([["Suomi"], ["Finland"], ["FI"], ["Sverige"]], ["address.country"]) == "FI"
    assert guess_country([["+49 171 1234567"], ["0049 30 123456"]], ["phone"]) == "DE"


def test_the_order_of_dates_is_the_columns():
    columns = ["Name", "Date of birth"]
    sample = [["Ann", "04/03/1985"], ["Bob", "12/25/1990"], ["Cid", "01/30/1970"]]
    assert date_orders(sample, propose(columns, sample)) == {1: "mdy"}
    columns = ["Email Address", "Birthday", "MEMBER_RATING", "OPTIN_TIME"]
    sample = [["a@b.pl", "04/03", "2", "2024-01-01 10:00:00"]]
    assert date_orders(sample, propose(columns, sample))[1] == "mdy"
