"""Opt-out registers and whom of ours they name; quiet times by country."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0007_gate'),
        ('people', '0009_birthdays'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuietRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2, unique=True, verbose_name='country')),
                ('hours', models.CharField(max_length=200, verbose_name='hours')),
                ('channels', models.JSONField(default=list, verbose_name='channels')),
                ('holidays', models.BooleanField(default=True, verbose_name='public holidays are quiet')),
                ('off', models.JSONField(default=list, verbose_name='other quiet days')),
            ],
            options={
                'verbose_name': 'quiet times',
                'verbose_name_plural': 'quiet times',
                'ordering': ['country'],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('channels', models.JSONField(default=list, verbose_name='channels')),
                ('days', models.PositiveSmallIntegerField(default=0, verbose_name='days a file holds')),
            ],
            options={
                'verbose_name': 'opt-out register',
                'verbose_name_plural': 'opt-out registers',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RegisterFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('by_key', models.BigIntegerField(default=0)),
                ('by_name', models.CharField(max_length=150, verbose_name='who')),
                ('as_of', models.DateField(verbose_name='of the day')),
                ('count', models.PositiveIntegerField(default=0)),
                ('unread', models.PositiveIntegerField(default=0)),
                ('began_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='consent.register')),
            ],
            options={
                'verbose_name': 'file of a register',
                'verbose_name_plural': 'files of registers',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Listed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='listed', to='people.contactpoint')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listed', to='consent.register')),
            ],
            options={
                'verbose_name': 'entry in a register',
                'verbose_name_plural': 'entries in registers',
                'constraints': [models.UniqueConstraint(fields=('point', 'register'), name='listed_once')],
            },
        ),
        migrations.CreateModel(
            name='RegisterLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.BigIntegerField()),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='consent.registerfile')),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consent.registerfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hash', 'file'), name='register_line_once')],
            },
        ),
    ]
