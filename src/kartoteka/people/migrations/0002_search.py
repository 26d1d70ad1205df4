"""The search index: outside Django's models, as it is made anew from the record at any time (`reindex`)."""

from django.db import migrations

from kartoteka.people.search import schema


def make(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        schema.make(cursor, schema_editor.connection.vendor)


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        schema.drop(cursor)


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
