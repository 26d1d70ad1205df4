"""The customers' list narrowed to who is in a group: `group` with its key, `worth` with those that worth itself knows."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from kartoteka.people.checking import BadValue
from kartoteka.people.listing import FEW
from kartoteka.people.models import Customer

from .models import Member
from .worth.groups import own_group


def in_group(rows: "QuerySet[Customer]", asked: str) -> "QuerySet[Customer]":
    """Those of these customers who are in a group. Whoever asks may see it: reaching.group_of. Raises BadValue."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise BadValue("group", _("Ask for a group by its number."))
    members = Member.objects.filter(segment=int(asked))
    few = list(members.values_list("customer", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return rows.filter(pk__in=few)
    return rows.filter(Exists(members.filter(customer=OuterRef("pk"))))


def by_worth(rows: "QuerySet[Customer]", asked: str) -> "QuerySet[Customer]":
    """Those of these customers who are in each of these groups of worth, such as "silent:yes,level:A". Raises BadValue."""
    for key in asked.split(","):
        if (group := own_group(key)) is None:
            raise BadValue("worth", _("There is no such group of worth."))
        rows = group.among(rows)
    return rows
