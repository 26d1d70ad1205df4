"""`migrate`, which makes an empty base at once instead of walking all the way there."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from kartoteka.trust.making import make_at_once


class Command(migrate.Command):
    """Django's own, but for an empty base."""

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django's."""
        connection = connections[options.get("database") or DEFAULT_DB_ALIAS]
        wanted = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if wanted and not connection.introspection.table_names():
            make_at_once(connection)
        super().handle(*args, **options)
