"""Who spoke for a child; and all that the gate looks at in the index it goes by."""

from django.db import migrations, models

from kartoteka.consent import append_only


def guard(apps, schema_editor):  # type: ignore[no-untyped-def]
    """SQLite makes the table anew for a column, and its triggers go with the old one."""
    with schema_editor.connection.cursor() as cursor:
        append_only.unguard(cursor, schema_editor.connection.vendor)
        append_only.guard(cursor, schema_editor.connection.vendor)


def let(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Nothing to take back: the ledger stays guarded."""



class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0006_forgotten_again'),
        ('people', '0008_sealed'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='choice',
            name='choice_of',
        ),
        migrations.RemoveIndex(
            model_name='choice',
            name='choice_for',
        ),
        migrations.AddField(
            model_name='choice',
            name='guardian',
            field=models.CharField(blank=True, max_length=150, verbose_name='parent or guardian'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(fields=['identity'], name='choice_of'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(fields=['purpose', 'channel', 'identity', 'at', 'id', 'what', 'point', 'confirmed', 'guardian'], name='choice_for'),
        ),
        migrations.RunPython(guard, let),
    ]
