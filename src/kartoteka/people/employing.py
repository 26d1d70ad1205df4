"""Who works for whom, as a file says it: a person's company that the base knows as an organisation."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.standard.letters import fold

from .models import NO_PERSON, Batch, Customer, Identity, Relation


def employ(*, batch: Batch) -> int:
    """Note for whom the persons of a batch work, and say of how many. Inside a transaction.

    Only where it is sure: their company's name is that of one organisation in the base and of no other, and the legal
    forms do not differ. Who is said to work for somebody already is left alone.
    """
    known = Relation.objects.filter(kind=Relation.RelationKind.WORKS_FOR).values("one__customer")
    persons = list(
        Identity.objects.filter(claims__batch=batch, customer__kind=Customer.CustomerKind.PERSON)
        .exclude(customer__company="")
        .exclude(customer__in=known)
        .order_by("customer", "id")
        .values_list("customer", "id", "customer__company", "customer__form")
        .distinct()
    )
    firms = _organisations({fold(company) for _, _, company, _ in persons})
    works_for: dict[int, tuple[int, int]] = {}
    for customer, identity, company, form in persons:
        fit = [firm for firm, its in firms.get(fold(company), ()) if not (form and its) or form == its]
        if len(fit) == 1:
            works_for.setdefault(customer, (identity, fit[0]))
    where = _identities({firm for _, firm in works_for.values()})
    now = timezone.now()
    bulk.insert(
        Relation,
        ("one_id", "other_id", "kind", "role", "hours", "made_at", "made_by", "batch_id"),
        (
            (
                identity,
                where[firm],
                Relation.RelationKind.WORKS_FOR.value,
                "",
                "",
                now,
                batch.by_name,
                batch.pk,
            )
            for identity, firm in works_for.values()
        ),
        ignore=True,
    )
    return len(works_for)


def part_again(*, batch: int) -> None:
    """Take away what `employ` noted for a batch."""
    bulk.delete(Relation, by="batch_id", among=[batch])


def _organisations(names: set[str]) -> dict[str, list[tuple[int, str]]]:
    """The organisations of these folded names, each with its legal form."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for firm, company, form in _every_organisation() if names else ():
        if (name := fold(company)) in names:
            found[name].append((firm, form))
    return found


def _every_organisation() -> Iterator[tuple[int, str, str]]:
    rows = Customer.objects.filter(
        NO_PERSON, kind=Customer.CustomerKind.ORGANISATION, merged_into=None
    ).exclude(company="")
    return rows.values_list("pk", "company", "form").iterator(chunk_size=20_000)


def _identities(customers: set[int]) -> dict[int, int]:
    """The first identity of each."""
    rows = bulk.fetch(Identity, ("customer_id", "id"), by="customer_id", among=list(customers))
    return dict(sorted(rows, reverse=True))
