"""The tables of a new base, straight from the models: what the migrations lead to, in a tenth of their time.

Django walks every step of every app and works out the models anew at each. tests/trust/test_making.py compares both ways.
What a base has besides tables of models is put up whenever migrating is over (the signal post_migrate).
"""

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def make_at_once(connection: BaseDatabaseWrapper) -> None:
    """Make the tables of all models in an empty base, and note the migrations as done. All or nothing."""
    # SQLite turns its foreign keys off only outside of a transaction, and the schema editor asks for that.
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in MigrationLoader(connection).graph.nodes:
            recorder.record_applied(app, name)


def lacks_tables(error: Exception) -> bool:
    """Whether something failed because the base was never made, or is of an earlier version."""
    if not isinstance(error, DatabaseError):
        return False
    try:
        plan = MigrationExecutor(connection)
        return bool(plan.migration_plan(plan.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False  # it cannot be opened at all
