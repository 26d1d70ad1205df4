
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_lists'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='claim',
            name='claim_once_a_row',
        ),
        migrations.AlterField(
            model_name='claim',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='people.batch'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='people.customer'),
        ),
        migrations.AlterField(
            model_name='identity',
            name='beside',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='companions', to='people.identity'),
        ),
        migrations.AlterField(
            model_name='identity',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='people.source'),
        ),
        migrations.AddIndex(
            model_name='contactpoint',
            index=models.Index(condition=models.Q(('verified_at__isnull', False)), fields=['id'], name='contact_point_verified'),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(condition=models.Q(('beside__isnull', False)), fields=['beside'], name='identity_beside'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('batch', 'sheet', 'row'), name='claim_once_a_row'),
        ),
    ]
