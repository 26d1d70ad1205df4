"""One import among five is undone, and the base is as before it came: who is whom, and every record."""

from __future__ import annotations

import pytest

from kartoteka.intake.models import Import
from kartoteka.intake.running import ask_for_run, ask_to_stop
from kartoteka.intake.undoing import undo_now
from kartoteka.intake.whole import import_stream, queue_stream
from kartoteka.kit import jobs
from kartoteka.people.editing import change_customer, relate, tag_customers
from kartoteka.people.models import Claim, Customer
from kartoteka.quality.matching import match_now
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Merger
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
FAMILIES = (
    "Kowalska",
    "Wiśniewska",
    "Wójcik",
    "Kamińska",
    "Lewandowska",
    "Zielińska",
    "Szymańska",
    "Woźniak",
    "Dąbrowska",
)
GIVEN = ("Anna", "Ewa", "Maria", "Zofia", "Halina", "Irena", "Teresa", "Barbara", "Krystyna", "Jadwiga")
SOURCES = ("shop", "newsletter", "counter", "warranty", "phone book")


def people(source: int) -> str:
    """Ninety customers; each source knows two thirds of them, in its own words, so that matching has work."""
    rows = ["id,first name,last name,phone,e-mail,birthday"]
    for number in range(90):
        if (number + source) % 3 == 0:
            continue
        given, family = GIVEN[number % 10], FAMILIES[number // 10]
        given = given.upper() if source % 2 else given
        phone = f"600{number:03}{number * 7 % 1000:03}" if (number + source) % 2 else ""
        mail = f"{GIVEN[number % 10].lower()}{number}@example.com" if (number + source) % 4 else ""
        rows.append(
            f"{source}{number:03},{given},{family},{phone},{mail},19{40 + number % 60}-0{1 + number % 9}-11"
        )
    return "\n".join(rows)


def brought(source: int) -> Import:
    name = SOURCES[source]
    return make.csv_import(
        people(source), name=f"{name}.csv", source=name, country="PL", columns={"id": "key"}
    )


def test_one_of_five_undone_after_the_matching_gives_the_base_from_before() -> None:
    """What the matching found through the file that is gone is taken apart; the rest is found again as before."""
    for source in (0, 1, 3, 4):
        brought(source)
    match_now(by=SHELL)
    before, joined = make.base(), Merger.objects.count()
    assert joined > 60, "there was something to be joined"
    third = brought(2)
    match_now(by=SHELL)
    assert make.base() != before
    undo_now(file_import=third, by=SHELL)
    assert not Claim.objects.filter(batch=third.batch_id).exists()
    assert make.base() == before


@pytest.mark.parametrize("gone", range(5))
def test_whichever_it_is(gone: int) -> None:
    """As if it had never been there: all five and a matching, one undone, a matching again; or four and a matching."""
    imports = [brought(source) for source in range(5)]
    match_now(by=SHELL)
    undo_now(file_import=imports[gone], by=SHELL)
    match_now(by=SHELL)
    left = grouping()
    for each in imports:
        if each is not imports[gone]:
            undo_now(file_import=Import.objects.get(pk=each.pk), by=SHELL)
    assert not Customer.objects.exists(), "all undone, nobody is left"
    for source in range(5):
        if source != gone:
            make.csv_import(
                people(source) + "\n",
                name="again.csv",
                source=SOURCES[source],
                columns={"id": "key"},
                country="PL",
            )
    match_now(by=SHELL)
    assert grouping() == left


def grouping() -> list[list[tuple[str, str]]]:
    """Which identities are one customer."""
    found: dict[int, list[tuple[str, str]]] = {}
    for customer, source, key in Customer.objects.filter(merged_into=None).values_list(
        "pk", "identities__source__name", "identities__key"
    ):
        found.setdefault(customer, []).append((source, key))
    return sorted(sorted(each) for each in found.values())


def test_what_was_joined_by_hand_stays_joined() -> None:
    first = brought(0)
    one, other = Customer.objects.order_by("pk")[:2]
    second = brought(1)
    merge(kept=one, gone=other, by=SHELL)
    match_now(by=SHELL)
    undo_now(file_import=second, by=SHELL)
    other.refresh_from_db()
    assert other.merged_into_id == one.pk
    assert Claim.objects.exclude(batch=first.batch_id).count() == 0


def test_a_stop_and_a_go_on_are_as_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    text = people(0)
    brought(0)
    wanted = make.base()
    undo_now(file_import=Import.objects.get(), by=SHELL)
    Import.objects.all().delete()
    monkeypatch.setattr("kartoteka.intake.customer_way.CHUNK", 10)

    def stop_soon(under_way: Import) -> None:
        if under_way.rows_done == 20:
            ask_to_stop(file_import=under_way, by=SHELL)

    stopped = import_stream(
        stream=io.BytesIO(text.encode()), name="shop.csv", source="shop", ground="contract", by=SHELL,
        country="PL", columns={"id": "key"}, progress=stop_soon,
    )  # fmt: skip
    assert (stopped.state, stopped.rows_done) == (Import.State.STOPPED, 20)
    assert Claim.objects.count() == 20
    ask_for_run(file_import=stopped, by=SHELL)
    assert jobs.run_all_due() >= 1
    stopped.refresh_from_db()
    assert (stopped.state, stopped.rows_done) == (Import.State.DONE, 60)
    assert make.base() == wanted


def test_a_stopped_import_is_gone_on_with_when_its_file_comes_again() -> None:
    import io

    said = {"name": "shop.csv", "source": "shop", "ground": "contract", "by": SHELL, "country": "PL"}
    stream = people(0).encode()
    queued = queue_stream(stream=io.BytesIO(stream), **said)
    assert Customer.objects.count() == 0
    done = import_stream(stream=io.BytesIO(stream), **said)
    assert (done.pk, done.state, done.rows_done) == (queued.pk, Import.State.DONE, 60)
    assert import_stream(stream=io.BytesIO(stream), **said).pk == queued.pk
    assert Claim.objects.count() == 60


def test_an_import_whose_teller_breaks_stands_as_failed_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where its progress goes down a pipe that somebody closed: nothing seems to run that does not."""
    import io

    monkeypatch.setattr("kartoteka.intake.customer_way.CHUNK", 10)

    def told(under_way: Import) -> None:
        if under_way.rows_done == 20:
            raise BrokenPipeError

    said = {"name": "shop.csv", "source": "shop", "ground": "contract", "by": SHELL, "country": "PL"}
    with pytest.raises(BrokenPipeError):
        import_stream(stream=io.BytesIO(people(0).encode()), **said, progress=told)
    broken = Import.objects.get()
    assert broken.state == Import.State.FAILED
    assert broken.problem
    ask_for_run(file_import=broken, by=SHELL)
    jobs.run_all_due()
    broken.refresh_from_db()
    assert (broken.state, broken.rows_done, Claim.objects.count()) == (Import.State.DONE, 60, 60)


def test_who_is_left_with_a_tag_alone_goes_and_who_is_left_with_more_stays() -> None:
    """A tag says nothing of who somebody is; what else was put on by hand does, or hangs on them."""
    done = brought(0)
    tagged, named, ordered = Customer.objects.order_by("pk")[:3]
    assert tag_customers(customers=[tagged.pk, named.pk, ordered.pk], tag="vip", by=SHELL) == 3
    change_customer(customer=named, changes={"phones": ["+48 600 100 200"]}, by=SHELL)
    relate(customer=ordered, other=named, kind="sibling", by=SHELL)
    undo_now(file_import=done, by=SHELL)
    assert set(Customer.objects.values_list("pk", flat=True)) == {named.pk, ordered.pk}
    named.refresh_from_db()
    assert named.more["tags"] == ["vip"]
    again = brought(1)
    undo_now(file_import=again, by=SHELL)
    assert Customer.objects.count() == 2
