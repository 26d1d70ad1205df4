"""vCards of three versions."""

import pytest

from kartoteka.intake.files import DateText, propose

from .reading import read

NOKIA = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=81uk=C3=A1cs;J=C3=B3zef;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B3zef =
=C5=81uk=C3=A1cs
TEL;CELL:+48 600 100 200
TEL;CELL:600 100 201
TEL;WORK;FAX:12345678
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ
 AAAA

BDAY:19850403
END:VCARD
"""
APPLE = """BEGIN:VCARD
VERSION:3.0
FN:Siti binti Ahmad
N:Ahmad;Siti;binti;Dr.;
item1.TEL;type=pref:+60 12-345 6789
item1.X-ABLabel:_$!<Mobile>!$_
EMAIL;TYPE=INTERNET,HOME:siti@example.com
ADR;TYPE=home:;;12 Jalan Raja\\, Blok A;Kuala Lumpur;WP;50000;Malaysia
ADR;TYPE=home:;;13 Jalan Dua;Ipoh;Perak;30000;Malaysia
BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-03
ORG:Acme\\, Inc.;Sales
NOTE:line one\\nline two that is
  folded
CATEGORIES:VIP,Friends
no colon here
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Pekka
BDAY:--0403
TEL;VALUE=uri;TYPE="voice,cell":tel:+358-40-1234567
IMPP:skype:pekka.s
GENDER:M
UID:urn:uuid:1234
END:VCARD
"""
FIRST = {
    "FN": "Józef Łukács",
    "N.family": "Łukács",
    "N.given": "Józef",
    "BDAY": "1985-04-03",
    "TEL;mobile": "+48 600 100 200",
    "TEL;mobile 2": "600 100 201",
    "TEL;fax": "12345678",
}
SECOND = {
    "FN": "Siti binti Ahmad",
    "N.family": "Ahmad",
    "N.given": "Siti",
    "N.middle": "binti",
    "N.prefix": "Dr.",
    "TEL;mobile": "+60 12-345 6789",
    "EMAIL;home": "siti@example.com",
    "ADR;home.street": "12 Jalan Raja, Blok A",
    "ADR;home.city": "Kuala Lumpur",
    "ADR;home.region": "WP",
    "ADR;home.postcode": "50000",
    "ADR;home.country": "Malaysia",
    "ADR;home.street 2": "13 Jalan Dua",
    "ADR;home.city 2": "Ipoh",
    "ADR;home.region 2": "Perak",
    "ADR;home.postcode 2": "30000",
    "ADR;home.country 2": "Malaysia",
    "BDAY": "--04-03",
    "ORG.name": "Acme, Inc.",
    "ORG.unit": "Sales",
    "NOTE": "line one\nline two that is folded",
    "CATEGORIES": "VIP, Friends",
}
THIRD = {
    "FN": "Pekka",
    "BDAY": "--04-03",
    "TEL;mobile": "+358-40-1234567",
    "IMPP;skype": "pekka.s",
    "GENDER": "M",
    "UID": "urn:uuid:1234",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_three_versions_in_one_file(tmp_path, ends, encoding):
    text = (NOKIA + APPLE + NEW).replace("\n", ends)
    book, rows, problems = read(tmp_path, text, encoding=encoding)
    columns = book.sheets[0].columns
    found = [
        (number, {column: cell for column, cell in zip(columns, cells, strict=True) if cell})
        for number, cells in rows
    ]
    assert found == [(1, FIRST), (2, SECOND), (3, THIRD)]
    assert problems == [(2, "broken_card")]
    assert book.format == "vcard"
    assert all(isinstance(cells[columns.index("BDAY")], DateText) for _, cells in rows)


def test_columns_mean_fields(tmp_path):
    book, _, _ = read(tmp_path, NOKIA + APPLE + NEW)
    sheet = book.sheets[0]
    fields = {each.header: each.field for each in propose(sheet.columns, sheet.sample())}
    assert fields["TEL;mobile 2"] == "phone:mobile"
    assert fields["ADR;home.city"] == "address.city:home"
    assert fields["ADR;home.city 2"] == "address.city:home2"
    assert fields["IMPP;skype"] == "handle:skype"
    assert fields["UID"] == "key"
    assert fields["ORG.unit"] is None


def test_a_legacy_phone_and_a_missing_end(tmp_path):
    """Letters of the phone's own code page; the last card is cut off, the one before lacks its END."""
    text = (
        "BEGIN:VCARD\nFN:Łucja Święch\nTEL:1\nBEGIN:VCARD\nFN:Ósma Ćma\nEND:VCARD\nBEGIN:VCARD\nFN:Żaneta\n"
    )
    book, rows, _ = read(tmp_path, text, encoding="cp1250")
    names = [cells[book.sheets[0].columns.index("FN")] for _, cells in rows]
    assert names == ["Łucja Święch", "Ósma Ćma", "Żaneta"]
    assert [number for number, _ in rows] == [1, 2, 3]
