"""A file of customers: who may have it, what is in it, and how it is known again after somebody cut it up."""

from __future__ import annotations

import io
import random
import re
import threading
from pathlib import Path

import phonenumbers
import pytest
import xlsxwriter
from django.db import connection
from python_calamine import CalamineWorkbook

from kartoteka.people.exporting.asking import CannotSettle, NoSuchExport, ask_for_export, fetch, settle_export
from kartoteka.people.exporting.nobodys import RESERVED_HOST, phone_like
from kartoteka.people.exporting.reading import rows_of
from kartoteka.people.exporting.tracing import trace
from kartoteka.people.exporting.writing import harmless, run_due_export
from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.models import Canary, Customer, Export
from kartoteka.people.search.find import find
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.limits import BadLimit, set_limits
from kartoteka.trust.models import Alarm, AuditEntry, Limits, Staff
from tests import make

COLUMNS = ("card", "name", "phone", "email", "city")
GIVEN = ("Anna", "Ewa", "Iga", "Ola", "Zofia", "Jan", "Piotr", "Adam", "Marek", "Tomasz")
FAMILY = ("Nowak", "Kowalska", "Lis", "Mazur", "Wilk", "Krawczyk", "Zajac", "Sikora")


@pytest.fixture
def base(db: None) -> None:
    make.claims(
        *(
            {
                "given": GIVEN[place % 10],
                "family": f"{FAMILY[place % 8]}{'abcdefghij'[place // 80]}",
                "name": f"{GIVEN[place % 10]} {FAMILY[place % 8]}{'abcdefghij'[place // 80]} {'VII'[: place % 3]}".strip(),
                "phones": [{"value": f"+48600{place:06}"}],
                "emails": [{"value": f"c{place}@example.com"}],
                "addresses": [{"city": "Nowy Targ", "country": "PL"}],
                "key": str(place),
            }
            for place in range(240)
        )
    )


def member(role: str = "owner", name: str = "") -> Actor:
    return Staff.objects.create_user(email=f"{name or role}@example.com", name=name or role, role=role).actor


def written(by: Actor, format: str = "csv", tmp: Path | None = None, **more: object) -> Path:
    made = ask_for_export(wish=Wish(**more), columns=COLUMNS, format=format, by=by)  # type: ignore[arg-type]
    assert run_due_export()
    assert tmp is not None
    path = tmp / f"{made.pk}.{format}"
    with path.open("wb") as out:
        fetch(export=made.pk, target=out, by=by)
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_everybody_is_in_it_and_it_is_traced(base: None, tmp_path: Path, format: str) -> None:
    anna, ewa = member(name="Anna"), member(name="Ewa")
    path, _other = written(anna, format, tmp_path), written(ewa, format, tmp_path)
    rows = rows_of(path)
    cards = {row[0] for row in rows[1:]}
    assert cards >= set(Customer.objects.values_list("card", flat=True))
    [found] = trace(rows=rows, by=SHELL)
    assert found.export.by_name == "Anna"
    assert found.canaries == Canary.objects.filter(export=found.export).count() >= 2
    assert found.spacing[0] >= found.spacing[1] - 1 > 30  # the heading of a column is not marked
    assert found.order[0] == found.order[1] > 200


@pytest.mark.django_db
def test_what_each_mark_survives(base: None, tmp_path: Path) -> None:
    """Sorted anew, columns gone, a part of the rows: and every two of these."""
    anna = member(name="Anna")
    written(member(name="Ewa"), "csv", tmp_path)
    rows = rows_of(written(anna, "csv", tmp_path))[1:]
    invented = {each.card for each in Canary.objects.all()}
    real = [row for row in rows if row[0] not in invented]
    chance = random.Random(5)
    mixed = chance.sample(real, len(real))
    plain = [[cell.replace("\u00a0", " ") for cell in row] for row in real]
    left: dict[str, list[list[str]]] = {
        "sorted, no canaries": sorted(real, key=lambda row: row[1]),
        "names only, mixed": [[row[1]] for row in mixed],
        "e-mails only, in order": [[row[3]] for row in real],
        "a sixth of the rows, spaces made plain": plain[40:80],
        "a third of the rows, mixed, names and cities": [[row[1], row[4]] for row in mixed[:80]],
        "one canary alone": [row for row in rows if row[0] in invented][:1],
        "one canary's phone alone": [[row[2]] for row in rows if row[0] in invented][:1],
        "one canary's phone as they write it at home": [
            [f"{row[2][3:6]}-{row[2][6:]}"] for row in rows if row[0] in invented
        ][:1],
        "a third of the names, in capitals, mixed": [[row[1].upper(), row[4].upper()] for row in mixed[:80]],
        "e-mails in capitals, in order": [[row[3].upper()] for row in real],
        "phones that became numbers, in order": [[row[2][1:]] for row in real],
    }
    for what, some in left.items():
        assert [each.export.by_name for each in trace(rows=some, by=SHELL)] == ["Anna"], what
    gone = chance.sample(plain, len(plain))
    assert trace(rows=gone, by=SHELL) == [], "sorted, without canaries and with plain spaces nothing is left"
    assert trace(rows=[[each.card, each.name] for each in Customer.objects.order_by("pk")], by=SHELL) == []


@pytest.mark.django_db
def test_a_workbook_whose_phones_became_numbers(base: None, tmp_path: Path) -> None:
    rows = rows_of(written(member(name="Anna"), "xlsx", tmp_path))
    invented = {each.card for each in Canary.objects.all()}
    with xlsxwriter.Workbook(tmp_path / "again.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(row for row in rows if row[0] in invented):
            sheet.write_number(place, 0, float(row[2]))
    [found] = trace(rows=rows_of(tmp_path / "again.xlsx"), by=SHELL)
    assert found.canaries == len(invented)


@pytest.mark.django_db
def test_canaries_are_nobody(base: None, tmp_path: Path) -> None:
    written(member(), "csv", tmp_path)
    canary = Canary.objects.first()
    assert canary is not None
    assert Customer.objects.count() == 240
    assert canary.card not in [each.customer for each in find(canary.email, actor=SHELL)]
    listed = list_customers(actor=SHELL, wish=Wish(text=canary.email)).page.rows
    assert canary.card not in [each.card for each in listed]
    from kartoteka.people.card import find_customer

    assert find_customer(actor=member("staff"), card=canary.card) is None
    assert Alarm.objects.get().kind == "canary"


@pytest.mark.django_db
def test_canaries_have_no_stranger_s_phone_or_mail(base: None, tmp_path: Path) -> None:
    first = rows_of(written(member(name="Ewa"), "csv", tmp_path))
    set_limits(given={"canary_host": "Lists.Firma.pl"}, by=SHELL)
    written(member(name="Anna"), "csv", tmp_path)
    for by, host in (("Ewa", RESERVED_HOST), ("Anna", "lists.firma.pl")):
        for each in Canary.objects.filter(export__by_name=by):
            assert each.email.endswith(f"@{host}")
            assert not phonenumbers.is_valid_number(phonenumbers.parse(each.phone))
    phones = list(Canary.objects.values_list("phone", flat=True))
    assert len(set(phones)) == len(phones)
    alone = [[row[2]] for row in first if row[2] in phones][:1]
    assert [each.export.by_name for each in trace(rows=alone, by=SHELL)] == ["Ewa"]
    for wrong in ("localhost", "a b.pl", "-.pl", "gmail"):
        with pytest.raises(BadLimit):
            set_limits(given={"canary_host": wrong}, by=SHELL)


@pytest.mark.parametrize(
    ("like", "fiction"),
    [
        ("+447400123456", r"\+447700900\d{3}"),
        ("+12125551234", r"\+121255501\d{2}"),
        ("+33612345678", r"\+3363998\d{4}"),
        ("+4915112345678", r"\+493023125\d{3}"),
        ("+46701234567", r"\+4670174060[5-9]|\+467017406[1-9]\d"),
        ("+61412345678", r"\+6125550\d{4}"),
        ("+353851234567", r"\+3532091\d{5}"),
        ("+27821234567", ""),
        ("+639171234567", ""),
        ("+358401234567", ""),
        ("+60123456789", ""),
    ],
)
def test_phones_of_nobody(like: str, fiction: str) -> None:
    chance, given = random.Random(3), set[str]()
    for _each in range(30):
        made = phone_like(like, chance, free=lambda phone: phone not in given)
        assert made.startswith(like[:3])
        assert made not in given
        given.add(made)
        number = phonenumbers.parse(made)
        assert re.fullmatch(fiction, made) if fiction else not phonenumbers.is_valid_number(number)
    assert phone_like("+4860", chance, free=lambda _phone: False) == ""


@pytest.mark.django_db
def test_a_large_one_needs_a_second_person(base: None) -> None:
    Limits(pk=1, export_alone=100).save()
    anna, ewa = member(name="Anna"), member("privacy", name="Ewa")
    owner = member(name="Olga")
    made = ask_for_export(wish=Wish(), columns=COLUMNS, format="csv", by=anna)
    assert not run_due_export()
    with pytest.raises(CannotSettle):
        settle_export(export=made.pk, approve=True, by=anna)
    with pytest.raises(NotAllowed):
        settle_export(export=made.pk, approve=True, by=ewa)  # a base of a small shop knows no such role
    settle_export(export=made.pk, approve=True, by=owner)
    with pytest.raises(CannotSettle):
        settle_export(export=made.pk, approve=False, by=member(name="Late"))
    assert run_due_export()
    with pytest.raises(NoSuchExport):
        fetch(export=made.pk, target=io.BytesIO(), by=owner)
    fetch(export=made.pk, target=io.BytesIO(), by=anna)
    told = list(AuditEntry.objects.filter(matter="export").order_by("pk").values_list("action", flat=True))
    assert told == ["asked for an export", "approved an export", "fetched an export"]
    small = ask_for_export(wish=Wish(text="Anna Nowaka"), columns=COLUMNS, format="csv", by=anna)
    assert small.state == Export.State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_does(base: None) -> None:
    Limits(pk=1, export_alone=1).save()
    made = ask_for_export(wish=Wish(), columns=COLUMNS, format="csv", by=member(name="Anna"))
    answers: list[str] = []
    start = threading.Barrier(2)

    def settle(by: Actor, approve: bool) -> None:
        start.wait()
        try:
            settle_export(export=made.pk, approve=approve, by=by)
            answers.append("yes" if approve else "no")
        except CannotSettle:
            answers.append("late")
        finally:
            connection.close()

    both = [
        threading.Thread(target=settle, args=(member(name=name), approve))
        for name, approve in (("Ewa", True), ("Olga", False))
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(answers)[0] == "late"
    made.refresh_from_db()
    assert made.state == (Export.State.QUEUED if "yes" in answers else Export.State.REFUSED)
    assert AuditEntry.objects.filter(matter="export", action__startswith="approved").count() == (
        "yes" in answers
    )


@pytest.mark.django_db
def test_who_lost_the_right_gets_nothing(base: None) -> None:
    anna = member(name="Anna")
    made = ask_for_export(wish=Wish(), columns=COLUMNS, format="csv", by=anna)
    Staff.objects.filter(pk=anna.key).update(role="staff")
    run_due_export()
    made.refresh_from_db()
    assert (made.state, made.kept_as) == (Export.State.FAILED, "")
    assert "staff" not in {each.value for each in Staff.objects.get(pk=anna.key).actor.rights}


@pytest.mark.django_db
def test_formulas_are_harmless(tmp_path: Path) -> None:
    make.customer(name="=HYPERLINK(1)", phones=[{"value": "+48600100200"}], key="f")
    make.customer(name="@SUM(1)", key="g")
    anna = member()
    names = {row[1] for row in rows_of(written(anna, "csv", tmp_path))}
    assert {"'=HYPERLINK(1)", "'@SUM(1)"} <= names
    with written(anna, "xlsx", tmp_path).open("rb") as book:
        cells = {
            str(cell)
            for row in CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
            for cell in row
        }
    assert "'=HYPERLINK(1)" in cells
    assert harmless("+48600100200") == "+48600100200"
    assert harmless("\t=1+1") == "'\t=1+1"
    assert harmless("\uff1d1+1") == "'\uff1d1+1"
    assert harmless("-2+3+cmd|' /C calc'!A0").startswith("'")


@pytest.mark.django_db
def test_it_is_gone_after_a_day(base: None) -> None:
    from django.utils import timezone

    anna = member()
    made = ask_for_export(wish=Wish(), columns=COLUMNS, format="csv", by=anna)
    run_due_export()
    Export.objects.filter(pk=made.pk).update(expires_at=timezone.now())
    with pytest.raises(NoSuchExport):
        fetch(export=made.pk, target=io.BytesIO(), by=anna)
    assert run_due_export()
    made.refresh_from_db()
    assert (made.state, made.kept_as) == (Export.State.GONE, "")
    assert not run_due_export()
