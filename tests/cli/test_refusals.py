"""What the command line says when the base cannot be opened: a sentence, no traceback; our own mistakes stay mistakes."""

import pytest
from django.db import OperationalError, connection
from django.db.utils import DatabaseError, load_backend

from kartoteka.cli.refusals import is_refusal, told

pytestmark = pytest.mark.django_db


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    shut = load_backend("django.db.backends.postgresql").DatabaseWrapper(
        {**connection.settings_dict, "HOST": "/nonexistent", "PORT": "1", "NAME": "x", "OPTIONS": {}}, "shut"
    )
    with pytest.raises(OperationalError) as error:
        shut.ensure_connection()
    assert is_refusal(error.value)
    assert "KARTOTEKA_DATABASE_URL" in told(error.value)
    assert "\n" not in told(error.value)


def test_a_mistake_in_a_query_is_no_refusal() -> None:
    with pytest.raises(DatabaseError) as error, connection.cursor() as cursor:
        cursor.execute("select nothing_there from nowhere")
    assert not is_refusal(error.value)
