"""The traits that groups themselves are."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.traits import Called, Test, Text, Type, register

from .compiling import GROUP
from .models import Segment


@dataclass(frozen=True)
class Group(Called):
    """Belonging to another group. A rule has that group's own rule put in its place before it is asked."""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """Never asked: compiling has put the group's rule in its place."""
        raise AssertionError(test, at)

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """As little."""
        raise AssertionError(test, at)


def _groups() -> list[tuple[str, Text]]:
    return [(str(key), name) for key, name in Segment.objects.filter(ended_at=None).values_list("pk", "name")]


def register_all() -> None:
    """Make the traits known."""
    register(Group(GROUP, _("Group"), Type.GROUP, _("Groups"), offered=_groups))
