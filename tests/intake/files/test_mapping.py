"""Columns and the fields they mean."""

import pytest
from django.utils.translation import gettext, override

from kartoteka.intake.files import guess_country, key_is_sound, propose, shared_keys
from kartoteka.intake.files.fields import ADDRESS_PARTS, CONSENT_PARTS, MANY, ONE, Target, target
from kartoteka.intake.files.headings import fold, meaning, words
from kartoteka.intake.files.presets import presets

from .reading import mapped, maps

HEADINGS = {
    "name": "Nazwisko i imię|Full Name|Koko nimi|Buong pangalan|Nama Penuh|Volle naam|Kunde|first_and_surname",
    "given": "Imię|First name|fname|given_name|Etunimi|Voornaam|Unang Pangalan|Vorname|firstName",
    "family": "Nazwisko|LAST NAME|surname|Sukunimi|Van|Apelyido|Nachname|lname",
    "birth": "Data ur.|DOB|date_of_birth|Syntymäaika|Geboortedatum|Tarikh Lahir|Kaarawan|Geb.-Datum|"
    "Petsa ng kapanganakan",
    "phone": "Telefon|Tel.|Puh.|No. Tel|Phone 2|Numer telefonu|Telefoonnommer|Telepono|Phone No.",
    "phone:mobile": "Tel. kom.|Cell|Selnommer|Matkapuhelin|Handy|No. Telefon Bimbit|Mobile Phone",
    "phone:work": "Telefon służbowy|Business Phone|Työpuhelin|Telefon (praca)",
    "email": "E-mail|Sähköposti|E-pos|E-mel|EMAIL ADDRESS|Adres e-mail|Customer E-mail",
    "address.street": "Ulica i nr|Katuosoite|Straße|address_1|Straat|Jalan|Street Address",
    "address.postcode": "Kod poczt.|PLZ|Postinumero|Poskode|Poskod|ZIP|Postal code|postcode_fake",
    "address.city": "Miejscowość|Ort|Kaupunki|Stad|Bandar|Lungsod|suburb|Town/City",
    "address.place": "Kod i miasto|PLZ/Ort|Postinumero ja -toimipaikka",
    "address.country:home": "Land/Region privat|Kraj/region (dom)",
    "address.city:billing": "billing_city|City (Billing)|Billing: city",
    "address.street:shipping": "Shipping Address 1|shipping_address_1|Ulica dostawy",
    "address:shipping": "Lieferadresse|Adres dostawy|Shipping address|Toimitusosoite",
    "registration": "NIP|Y-tunnus|VAT no.|USt-IdNr.",
    "national_id": "PESEL|Hetu|soc_sec_id|No. Kad Pengenalan|ID-nommer",
    "note": "Uwagi|Huomautuksia|Opmerkings|Catatan|Remarks|Bemerkung|Mga tala",
    "key": "Nr klienta|customer_id|rec_id|unique_id|Asiakasnumero|Kundennr.|No. Pelanggan|Kliëntnommer",
    "sex": "Płeć|gender|Sukupuoli|Geslag|Jantina|Kasarian|Geschlecht",
    "-number": "Lp.|No|#|Nro|Bil.|lfd. Nr.",
    "-other": "Kwota|Order number|Numer seryjny|Ostopäivä|Purchase date",
}


@pytest.mark.parametrize(
    ("heading", "field"), [(each, field) for field, some in HEADINGS.items() for each in some.split("|")]
)
def test_headings_in_seven_languages(heading, field):
    assert meaning(heading).field == field


def test_the_catalogues_are_whole():
    """Every field named in headings.txt and presets.txt exists, and each field can be found by some heading."""
    named = {field for field in words().values() if not field.startswith("-")}
    named |= {field for preset in presets() for field in preset.fields.values() if field}
    assert all(target(field).key == field for field in named)
    bases = {target(field).base for field in named}
    assert bases == {*ONE, *MANY}
    assert {target(field).part for field in named} == {"", *ADDRESS_PARTS, *CONSENT_PARTS}
    assert all(fold(heading) == heading for heading in words())


@pytest.mark.parametrize("key", ["phones", "address.planet", "name:home", "name.given", "", "x"])
def test_no_such_field(key):
    with pytest.raises(ValueError, match="No field"):
        target(key)


def test_own_fields():
    assert target("x.shoe_size") == Target("x", "shoe_size")


def test_a_card_index_typed_at_the_counter(tmp_path):
    text = (
        "Lp.;Nazwisko;Imię;Ulica;Nr;m.;Kod poczt.;Poczta;Tel. kom.;Tel. dom;E-mail;Data ur.;Zapłacono;Uwagi\n"
        "1;Nowak;Jan;Długa;12a;5;00-950;Warszawa;600100200;221234567;a@b.pl;3.4.85;12,50;VIP\n"
        "2;Kot;Ewa;Krótka;7;;00-951;Kraków;600 100 201;;a2@b.pl;4.4.1985;9;\n"
    )
    assert list(mapped(tmp_path, text).values()) == [
        *(None, "family", "given", "address.street", "address.number", "address.flat", "address.postcode"),
        *("address.city", "phone:mobile", "phone:home", "email", "birth", None, "note"),
    ]


def rows(*pattern: str, count: int = 8) -> str:
    """Rows of a CSV; {n} is the row's number."""
    return "".join(";".join(pattern).replace("{n}", str(number)) + "\n" for number in range(count))


CASES = [
    ("Name;Surname", rows("Ann", "Doe{n}"), ["given", "family"]),
    ("Name;Vorname", rows("Müller{n}", "Hans"), ["family", "given"]),
    ("Pangalan;Apelyido", rows("Jose", "Santos"), ["given", "family"]),
    ("Name;Surname", rows("Ann Doe", "Doe"), ["name", "family"]),
    ("Nazwa;NIP", rows("Ala sp. z o.o.", "525-000-12-0{n}"), ["company", "registration"]),
    ("Nazwa;Telefon", rows("Jan Kowalski", "60010020{n}"), ["name", "phone"]),
    ("Klient;Telefon", rows("Jan Kowalski", "jan{n}@wp.pl"), ["name", "email"]),
    ("Klient;Osoba kontaktowa", rows("Ala{n} sp. z o.o.", "Ewa Kot"), ["company", "name"]),
    ("Adres;Miasto", rows("ul. Długa {n}", "Opole"), ["address.street", "address.city"]),
    ("Adres;Telefon", rows("ul. Długa {n}, 45-001 Opole", "60010020{n}"), ["address", "phone"]),
    ("Ulica;Telefon", rows("ul. Długa {n}, 45-001 Opole", "60010020{n}"), ["address", "phone"]),
    ("Name;City", rows("Ann Doe", "45-001 Opole"), ["name", "address.place"]),
    ("Name;Lp.", rows("Ann Doe", "{n}"), ["name", None]),
    ("Name;Nr", rows("Ann Doe", "K-10{n}"), ["name", "key"]),
    ("Name;customer_id", rows("Ann Doe", "10{n}7"), ["name", "key"]),
    ("Name;Date", rows("Ann Doe", "2024-05-0{n}"), ["name", None]),
    ("Name;Pole 7", rows("Ann Doe", "2024-05-1{n}"), ["name", None]),
    ("Name;Last Active", "Ann Doe;2024-05-01 10:00:00\n", ["name", None]),
    ("Name;Pole 7", rows("Ann Doe", "19.05.198{n}"), ["name", "birth"]),
    ("Name;Column 5", rows("Ann Doe", "ann{n}@example.com"), ["name", "email"]),
    ("Warranty card no;Owner;Tel.", "W-1;Ann Doe;600100201\nW-2;Jon Roe;600100202\nW-3;Eve Poe;600100203\n",
     ["key", "name", "phone"]),
    ("Owner;Name;Tel.", rows("Eva", "Ann Doe{n}", "60010020{n}"), [None, "name", "phone"]),
    ("Właściciel;E-mail", rows("Ewa Kot", "a{n}@b.pl"), [None, "email"]),  # ever the same: one of us
    ("Name;Pole 7", rows("Ann Doe", "19.05.201{n}"), ["name", None]),
    ("Klient;Stały od", rows("Ann Doe", "19.05.199{n}"), ["name", "created"]),
    ("Field1;Field2;Field3", "Ewa;Kot;+48 600100201\nJan;Lis;+48 600100202\nAnna;Zięba;+48 600100203\n",
     ["given", "family", "phone"]),
    ("Field1;Field2", rows("Ewa Kot", "x{n}"), ["name", None]),
    ("name;street;city;street;city", rows("Ann", "a {n}", "Leeds", "b {n}", "York"),
     ["name", "address.street", "address.city", "address.street:2", "address.city:2"]),
    ("phone;phone;email;email", rows("60010020{n}", "60010030{n}", "a{n}@b.pl", "c{n}@d.pl"),
     ["phone", "phone", "email", "email"]),
]  # fmt: skip


@pytest.mark.parametrize(("header", "body", "fields"), CASES)
def test_beside_neighbours_and_by_content(tmp_path, header, body, fields):
    assert [each.field for each in maps(tmp_path, f"{header}\n{body}")] == fields


def test_a_wrong_heading_gives_way_to_the_content_with_less_confidence(tmp_path):
    right, wrong = maps(tmp_path, "E-mail;Telefon\n" + rows("a{n}@b.pl", "c{n}@d.pl"))
    assert (right.how, wrong.how, wrong.field) == ("header", "content", "email")
    assert wrong.confidence < right.confidence
    assert wrong.examples == ("c0@d.pl", "c1@d.pl", "c2@d.pl")


def test_what_was_chosen_before_is_believed(tmp_path):
    given = {"remembered": {"klient": "company", "UWAGI": "", "Kod": "x.code"}}
    assert mapped(tmp_path, "Klient;Uwagi;Kod\n" + rows("Jan Kowalski", "x", "{n}"), **given) == {
        "Klient": "company",
        "Uwagi": None,
        "Kod": "x.code",
    }


PRESETS = [
    ("Shopify customers", "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Address1,"
     "Default Address City,Default Address Zip,Total Spent,Note",
     ["key", "given", "family", "email", "consent:email", "address.street", "address.city", "address.postcode", None,
      "note"]),
    ("Shopify orders", "Name,Email,Financial Status,Fulfillment Status,Billing Name,Billing Address1,Billing City,Id",
     [None, "email", None, None, "name", "address.street:billing", "address.city:billing", None]),
    ("WooCommerce users", "ID,user_login,user_email,billing_first_name,billing_last_name,billing_email,billing_phone,"
     "billing_address_1,shipping_first_name",
     ["key", None, "email", "given", "family", "email", "phone", "address.street:billing", None]),
    ("WooCommerce users", "ID,first_name,last_name,billing_first_name,billing_last_name,billing_email",
     ["key", "given", "family", "given", "family", "email"]),
    ("Mailchimp", "Email Address,First Name,Last Name,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,LEID,TAGS",
     ["email", "given", "family", "birth", None, "consent.at:email", None, "key", "tags"]),
    ("Google Contacts", "First Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,"
     "Address 1 - Street,Address 1 - City,Organization Name,Birthday",
     ["given", "family", None, "tags", None, "email", "phone", "address.street", "address.city", "company", "birth"]),
    ("Outlook", "First Name,Last Name,Company,E-mail Address,Business Phone,Mobile Phone,Home Street,Home City,"
     "E-mail Display Name,Assistant's Phone,Categories",
     ["given", "family", "company", "email", "phone:work", "phone:mobile", "address.street:home", "address.city:home",
      None, None, "tags"]),
    ("WooCommerce customers", "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region",
     ["name", None, None, "created", "email", None, None, None, "address.country"]),
    ("Google Contacts", "First Name,Last Name,File As,Labels,Address 1 - Extended Address,Event 1 - Label,"
     "Custom Field 1 - Label", ["given", "family", None, "tags", "address.street2", None, None]),
    ("HubSpot", "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Contact owner,Create Date",
     ["key", "given", "family", "email", "phone", None, None, "created"]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "header", "fields"), PRESETS, ids=[name for name, _, _ in PRESETS])
def test_exports_of_known_programs(program, header, fields):
    assert [each.field for each in propose(header.split(","), [])] == fields
    assert "preset" in {each.how for each in propose(header.split(","), [])}


def test_keys_that_strangers_share():
    sound = [("1", "Jan Kowalski"), ("1", "KOWALSKI J."), ("2", "Ewa Kot"), ("2", "")]
    assert shared_keys(sound) == set()
    assert key_is_sound(sound)
    doubtful = [("1", "Jan Kowalski"), ("1", "Ewa Kot"), ("2", "Ewa Kot"), ("0", "Adam Lis")]
    assert shared_keys(doubtful) == {"1", "0"}
    assert not key_is_sound(doubtful)
    assert not key_is_sound([])


def test_an_id_that_is_shared_is_no_key(tmp_path):
    """An order export's "Id" of the shop, the same on every row."""
    names = ["Ann Doe", "Bob Roe", "Cid Poe", "Dan Low", "Eve Ray", "Flo Kim"]
    text = "Id;Name\n" + "".join(f"77;{name}\n" for name in names)
    assert mapped(tmp_path, text) == {"Id": None, "Name": "name"}


@pytest.mark.parametrize("odd", ["²2", "٣٤٥", "①", "1" * 5000, "+" * 50, "\u202e600", "0x1F", "١٩٨٥-٠٤-٠٣"])
def test_odd_values_do_no_harm(odd):
    """Digits that are no decimals, other scripts' digits, very long ones."""
    sample = [[odd, odd, odd]] * 6
    proposed = propose(["Lp.", "Telefon", "Kod"], sample)
    guess_country(sample, [each.field for each in proposed])
    assert [each.column for each in proposed] == [0, 1, 2]


@pytest.mark.parametrize("language", ["en", "pl", "fi", "af", "fil", "ms"])
def test_our_own_column_of_refused_rows_means_nothing(language: str) -> None:
    with override(language):
        heading = gettext("Why it was refused")
    why = "telefon: “12” is no phone number. There is no name, company, phone or e-mail in this row, so we ask who it is."
    (found,) = propose([heading], [[why]] * 3)
    assert (found.field, found.how) == (None, "header")
    (unknown,) = propose(["zzz"], [[why]] * 3)
    assert unknown.field in (None, "note"), "sentences are no address"
