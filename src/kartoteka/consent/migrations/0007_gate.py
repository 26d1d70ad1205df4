"""Who spoke for a child; and all that the gate looks at in the index it goes by."""

from django.db import migrations, models


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
    ]
