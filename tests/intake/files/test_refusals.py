"""What cannot be read is refused in plain words; nothing else ever comes out, and no file takes the machine down."""

import gzip
import io
import random
import tracemalloc
import zipfile
from collections import deque
from itertools import islice

import openpyxl
import pytest
import xlwt

from kartoteka.intake.files import Unreadable, open_file, propose

from .reading import read, written
from .test_cards import APPLE, NOKIA
from .test_markup import PAGE, SHEET
from .test_workbooks import ROWS, write_ods, write_xls, write_xlsx


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


REFUSED = [
    (b"", "empty"),
    (b"\n \n", "empty"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "image"),
    (b"%PDF-1.7\n", "not_a_table"),
    (b'[\n {"name": "Anna", "phone": "600100200"}]', "not_a_table"),
    (bytes(range(256)) * 40, "binary"),
    (random.Random(1).randbytes(20_000), "binary"),
    (gzip.compress(b""), "empty"),
    (gzip.compress(b"name,phone\n" * 100)[:-12], "damaged"),
    (zipped(a=b"x,y\n1,2\n", b=b"x,y\n1,2\n"), "several_files"),
    (zipped(word__document__xml=b"<w/>", **{"[Content_Types].xml": b"<t/>"}), "not_a_table"),
    (zipped(**{"[Content_Types].xml": b"<t/>", "xl__workbook.xml": b"<broken"}), "damaged"),
    (b"PK\x03\x04 and then nothing of a zip", "damaged"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
    (",".join(["a"] * 1_000_000).encode() + b"\n1,2\n", "too_many_columns"),
    (b"x" * 6_000_000, "long_line"),
]


@pytest.mark.parametrize(
    ("content", "code"), REFUSED, ids=[f"{number}-{code}" for number, (_, code) in enumerate(REFUSED)]
)
def test_refused_in_plain_words(tmp_path, content, code):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, content)
    assert refused.value.code == code
    assert "list.csv" in refused.value.message


def test_too_large_and_not_there(tmp_path):
    with pytest.raises(Unreadable, match="larger than the 1 MB"):
        open_file(written(tmp_path, b"name,phone\n" * 200_000), max_bytes=1024 * 1024)
    with pytest.raises(Unreadable) as refused:
        open_file(tmp_path / "none.csv", name="her list.csv")
    assert refused.value.message.startswith("her list.csv")


def test_a_gzip_bomb_stops_while_it_is_read(tmp_path):
    bomb = gzip.compress(b"name,phone\n" + b"0000000000,1111111\n" * 5_000_000, 9)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, bomb)
    assert refused.value.code == "bomb"


def lying(content: bytes, name: bytes) -> bytes:
    """A zip that says of one part that it is small."""
    data = bytearray(content)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(name))
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def test_a_zip_bomb_in_an_xlsx(tmp_path):
    write_xlsx(tmp_path / "good.xlsx", ROWS)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for info in good.infolist():
            content = good.read(info)
            if info.filename == "xl/sharedStrings.xml":
                content = content + b" " * 150_000_000
            bad.writestr(info.filename, content)
    for content in (packed.getvalue(), lying(packed.getvalue(), b"xl/sharedStrings.xml")):
        with pytest.raises(Unreadable) as refused:
            read(tmp_path, content)
        assert refused.value.code == "bomb"


@pytest.mark.parametrize(("cell", "code"), [("XFD1", "too_many_columns"), ("BZ1048576", "mostly_empty")])
def test_one_cell_at_the_far_end_of_a_sheet(tmp_path, cell, code):
    book = openpyxl.Workbook()
    book.active.append(["name", "email"])
    book.active.append(["Ann", "ann@example.com"])
    book.active[cell] = "far"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(Unreadable) as refused:
        open_file(tmp_path / "far.xlsx")
    assert refused.value.code == code


def test_an_old_workbook_of_far_cells(tmp_path):
    book = xlwt.Workbook()
    for number in range(8):
        sheet = book.add_sheet(f"s{number}")
        sheet.write(0, 0, "name")
        sheet.write(65535, 255, "far")
    book.save(str(tmp_path / "far.xls"))
    with pytest.raises(Unreadable) as refused:
        open_file(tmp_path / "far.xls")
    assert refused.value.code == "mostly_empty"


def test_a_sheet_said_to_be_repeated(tmp_path):
    write_ods(tmp_path / "good.ods", ROWS)
    with zipfile.ZipFile(tmp_path / "good.ods") as good:
        content = good.read("content.xml").decode()
    row = content[content.index("<table:table-row") : content.index("</table:table-row>")]
    swollen = row.replace("<table:table-row", '<table:table-row table:number-rows-repeated="900000"', 1)
    swollen = swollen.replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="900" ', 1
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bad:
        bad.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        bad.writestr("content.xml", content.replace(row, swollen, 1))
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, packed.getvalue())
    assert refused.value.code == "too_many_cells"


def test_locked_workbooks(tmp_path):
    """An encrypted xlsx is an old container with two streams; here the zip's own lock, and the old format's."""
    packed = bytearray(zipped(**{"list.csv": b"name,phone\nAnn,1\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.find(mark) + offset] |= 1
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, bytes(packed))
    assert refused.value.code == "password"


@pytest.mark.parametrize("seed", range(6))
def test_broken_bytes_never_bring_a_traceback(tmp_path, seed):
    """Cut, doubled and changed bytes of good files: either rows with rising numbers, or Unreadable."""
    chance = random.Random(seed)
    write_xlsx(tmp_path / "a", ROWS)
    write_xls(tmp_path / "b", ROWS)
    write_ods(tmp_path / "c", ROWS)
    text = 'Imię;Nazwisko;"Telefon"\n' + '"Ola";"Kot ""x""";1\nEwa;Ług;2\n' * 5
    good = [(tmp_path / name).read_bytes() for name in "abc"]
    good += [text.encode(), text.encode("cp1250"), text.encode("utf-16"), APPLE.encode(), NOKIA.encode()]
    good += [PAGE.encode(), SHEET.encode()]
    for original in good * 8:
        content = bytearray(original)
        for _ in range(chance.choice([1, 4, 30])):
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(3)] = chance.choice(
                [b"", b'"', b"\n", b"\0", b"\xff", b";", b'""', b"\r"]
            )
        try:
            book, _, _ = read(tmp_path, bytes(content))
        except Unreadable:
            continue
        for sheet in book.sheets:
            rows = list(sheet.rows())
            numbers = [number for number, _ in rows]
            assert numbers == sorted(set(numbers))
            assert all(len(cells) >= len(sheet.columns) for _, cells in rows)
            assert len(set(sheet.columns)) == len(sheet.columns)
            propose(sheet.columns, sheet.sample())


def test_a_large_text_is_streamed(tmp_path):
    """Of ten megabytes never more than a part is held."""
    path = tmp_path / "large.csv"
    with path.open("w", encoding="cp1250") as stream:
        stream.write("Imię;Nazwisko;E-mail\n")
        for number in range(200_000):
            stream.write(f"Łucja;Święch {number};lucja{number}@example.com\n")
    tracemalloc.start()
    sheet = open_file(path).sheets[0]
    last, _ = deque(islice(sheet.rows(), 5_000), maxlen=1).pop()
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert last == 5_001
    assert held < 5_000_000
