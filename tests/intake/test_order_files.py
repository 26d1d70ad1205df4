"""Files of orders: mapped by themselves, right in money, told row by row, resumed, undone."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter

from kartoteka.activity.figures import figures_of
from kartoteka.activity.models import Order, OrderLine
from kartoteka.consent.models import Choice
from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, choose_kind, receive
from kartoteka.intake.undoing import undo_now
from kartoteka.intake.whole import import_stream
from kartoteka.people.models import Customer, Identity
from kartoteka.people.ownfields import save_field
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal
RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536366,22633,HAND WARMER,3,2010-12-01 08:28:00,0.418,,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,France
536365,21730,GLASS STAR,2,2010-12-01 08:26:00,4.25,17850.0,United Kingdom
536414,22139,,-56,2010-12-01 11:52:00,0.0,,United Kingdom
"""


def bring(content: str | bytes, *, name: str = "orders.csv", source: str = "shop", **more: object) -> Import:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return import_stream(
        stream=stream,
        name=name,
        source=source,
        ground="contract",
        by=SHELL,
        brings="orders",
        **more,  # type: ignore[arg-type]
    )


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("orders.csv", data)
    return out.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zipped])
def test_a_shop_s_lines_become_its_orders(pack: Callable[[bytes], bytes]) -> None:
    done = bring(pack(RETAIL.encode()), name="retail")
    assert (done.state, done.rows_done, done.new, done.refused, done.currency) == ("done", 6, 4, 0, "GBP")
    told = figures_of(actor=SHELL)
    assert (told.customers, told.orders, told.lines, told.cancelled_lines, told.anonymous_lines) == (
        2,
        4,
        6,
        1,
        2,
    )
    assert told.net_revenue == {"GBP": D("12.854")}
    assert set(Identity.objects.values_list("key", flat=True)) == {"17850", "14527"}
    assert (
        Order.objects.get(key="536365").lines.count() == 3
    )  # also those further down, and those that are alike


def test_a_repeat_doubles_nothing_and_a_changed_file_is_undone_to_what_was() -> None:
    bring(RETAIL)
    before = figures_of(actor=SHELL), list(Order.objects.order_by("key").values_list("key", "net", "state"))
    bring(RETAIL + "\n")  # not the same file by a byte
    assert figures_of(actor=SHELL) == before[0]
    more = RETAIL.replace("27.5", "20") + "536999,1,New,1,2010-12-02 09:00:00,5,99,France\n"
    again = bring(more)
    assert (again.new, figures_of(actor=SHELL).net_revenue) == (1, {"GBP": D("25.354")})
    undone = undo_now(file_import=again, by=SHELL)
    assert undone.orders == 1
    after = figures_of(actor=SHELL), list(Order.objects.order_by("key").values_list("key", "net", "state"))
    assert after == before


def test_undoing_the_only_file_leaves_nothing() -> None:
    undo_now(file_import=bring(RETAIL), by=SHELL)
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert not Customer.objects.exists()


def test_a_dry_run_tells_and_writes_nothing() -> None:
    found = bring(RETAIL, dry_run=True)
    assert (found.state, found.new, found.known) == ("checked", 4, 0)
    assert not Order.objects.exists()


def test_one_row_an_order_with_its_customer_in_polish() -> None:
    text = (
        "Nr zamówienia;Data zamówienia;Status;Imię i nazwisko;E-mail;Suma;Waluta;Termin płatności;Data zapłaty\n"
        "Z/1;04.05.2026 14:30;wysłane;Anna Nowak;anna@example.com;1.234,50 zł;PLN;2026-05-20;25.05.2026\n"
        "Z/2;05.05.2026;anulowane;Anna Nowak;anna@example.com;99,00 zł;PLN;;\n"
        "Z/3;06.05.2026;przepadło;Jan Lis;jan@example.com;10,00;EUR;;\n"
    )
    done = bring(text)
    assert (done.new, done.refused, done.flawed) == (3, 0, 1)
    first = Order.objects.get(key="Z/1")
    assert (first.state, first.total, first.currency, first.owed) == ("sent", D("1234.5"), "PLN", D(0))
    assert first.identity is not None
    assert first.identity.customer.name == "Anna Nowak"
    assert Customer.objects.count() == 2
    assert figures_of(actor=SHELL).net_revenue == {"EUR": D(10), "PLN": D("1234.5")}


def test_who_agreed_while_ordering_and_own_fields_come_with_the_order() -> None:
    save_field(key="shoe", label="Shoe size", type="number", by=SHELL)
    text = (
        "order number,date,total,currency,name,email,Accepts Marketing,Shoe size\n"
        "1,2026-05-04,10,EUR,Anna Nowak,anna@example.com,yes,38\n"
        "2,2026-05-06,10,EUR,Anna Nowak,anna@example.com,yes,38\n"
        "3,2026-05-05,10,EUR,Jan Lis,jan@example.com,no,large\n"
    )
    done = bring(text, columns={"Shoe size": "x.shoe"})
    assert (done.new, done.refused, done.flawed) == (3, 0, 1), (
        "a size that is none is told, the order is taken"
    )
    choice = Choice.objects.get()
    assert (choice.channel, choice.what, choice.at.date().isoformat()) == ("email", "given", "2026-05-04")
    assert choice.identity == Order.objects.get(key="1").identity
    assert [each.more.get("x.shoe") for each in Customer.objects.order_by("given")] == [38, None]
    undo_now(file_import=done, by=SHELL)
    assert not Choice.objects.exists()
    assert not Customer.objects.exists()


def test_what_is_wrong_is_told_by_row_and_the_order_refused_whole() -> None:
    text = (
        "order number,date,currency,product,quantity,price,customer\n"
        "1,2026-05-04,EUR,Scarf,1,10,Anna Nowak\n"
        "2,2026-05-04,EUR,Scarf,two,10,Anna Nowak\n"
        "2,2026-05-04,EUR,Hat,1,5,Anna Nowak\n"
        "3,32.13.2026,EUR,Scarf,1,10,Anna Nowak\n"
        "4,2026-05-04,QQQ,Scarf,1,10,Anna Nowak\n"
        "5,2099-05-04,EUR,Scarf,1,10,Anna Nowak\n"
        "6,2026-05-04,EUR,Scarf,-3,10,Anna Nowak\n"
        "7,2026-05-04,EUR,Scarf,1000000,0.01,Anna Nowak\n"
    )
    done = bring(text)
    assert (done.new, done.refused) == (3, 5)
    told = {each.row: {problem["field"] for problem in each.problems} for each in done.row_problems.all()}
    assert told == {
        3: {"line.quantity"}, 4: {"order.number"}, 5: {"order.at"}, 6: {"order.currency"}, 7: {"order.at"},
    }  # fmt: skip
    assert figures_of(actor=SHELL).net_revenue == {"EUR": D(9980)}


def test_a_workbook_is_read_as_a_file_is() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Invoice", "Invoice date", "Item", "Qty", "Unit price", "Client no"])
        sheet.write_row(1, 0, ["A1", "2026-05-04 10:00", "Scarf", 2, 2.345, "17"])
        sheet.write_row(2, 0, ["A1", "2026-05-04 10:00", "Hat", 1, 1.1, "17"])
    bring(out.getvalue(), name="orders.xlsx", currency="eur")
    assert Order.objects.get().net == D("5.79")


def test_what_a_file_holds_is_seen_and_can_be_said_otherwise() -> None:
    found = receive(stream=io.BytesIO(RETAIL.encode()), name="a.csv", by=SHELL, brings="")
    assert found.brings == "orders"
    choose_kind(file_import=found, brings="customers", by=SHELL)
    assert not [
        each for sheet in found.mapping.values() for each in sheet["fields"] if each and "." in each[:6]
    ]
    plain = receive(stream=io.BytesIO(b"name,phone\nAnna,600100200\n"), name="b.csv", by=SHELL, brings="")
    assert plain.brings == "customers"
    with pytest.raises(CannotImport, match=r"order\.at"):
        bring(
            "number,amount,name\nx,12.50,Anna\n", columns={"number": "order.number", "amount": "order.total"}
        )


def test_a_killed_run_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from kartoteka.intake import order_way, running

    monkeypatch.setattr(order_way, "CHUNK", 2)
    written: list[int] = []
    real = order_way.write

    def dies(batch: object, chunk: object, by: object) -> object:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(1)
        return real(batch, chunk, by)  # type: ignore[arg-type]

    monkeypatch.setattr(order_way, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(RETAIL)
    monkeypatch.setattr(order_way, "write", real)
    left = Import.objects.get()
    assert 0 < left.rows_done < 6
    assert running.run(left).state == "done"
    assert figures_of(actor=SHELL).net_revenue == {"GBP": D("12.854")}
    assert make.base()
