
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_clearing'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='agreed',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='declined',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='stopped',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
