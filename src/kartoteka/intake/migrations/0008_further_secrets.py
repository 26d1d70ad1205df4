from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('intake', '0007_parcels')]

    operations = [
        migrations.AddField(
            model_name="connection", name="further", field=models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
