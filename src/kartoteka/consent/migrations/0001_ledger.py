import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0004_fewer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Purpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('names', models.JSONField(default=dict, verbose_name='names')),
                ('ground', models.CharField(choices=[('consent', 'they agreed'), ('contract', 'a contract or an order'), ('legal_duty', 'a duty in law'), ('vital', 'to protect a life'), ('public_task', 'a public task'), ('legitimate_interest', 'our legitimate interest')], max_length=20, verbose_name='ground')),
                ('balancing', models.TextField(blank=True, verbose_name='balancing note')),
                ('marketing', models.BooleanField(default=False, verbose_name='marketing')),
                ('soft_opt_in', models.BooleanField(default=False, verbose_name='existing customers too, where the law allows')),
                ('double_opt_in', models.BooleanField(default=False, verbose_name='confirmed by a link')),
                ('months', models.PositiveSmallIntegerField(default=0, verbose_name='months until asked anew')),
                ('partner', models.CharField(blank=True, max_length=150, verbose_name='partner')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'purpose',
                'verbose_name_plural': 'purposes',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS'), ('phone', 'phone'), ('post', 'post'), ('messenger', 'messenger'), ('ads', 'ads')], max_length=9, verbose_name='channel')),
                ('what', models.CharField(choices=[('given', 'agreed'), ('withdrawn', 'said no'), ('asked', 'asked to confirm')], max_length=9, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('how', models.CharField(choices=[('counter', 'at the counter'), ('call', 'by phone'), ('paper', 'on paper'), ('form', 'by a form'), ('page', 'on their own page'), ('link', 'by a link in a mail'), ('message', 'by a message'), ('file', 'in a file'), ('api', 'by a program')], max_length=7, verbose_name='how')),
                ('place', models.CharField(blank=True, max_length=255, verbose_name='where')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('evidence', models.JSONField(default=dict)),
                ('by_kind', models.CharField(max_length=10)),
                ('by_key', models.BigIntegerField(default=0)),
                ('by_name', models.CharField(max_length=150, verbose_name='who')),
                ('written_at', models.DateTimeField()),
                ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='people.batch')),
                ('identity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='people.identity')),
                ('point', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='people.contactpoint')),
                ('purpose', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='consent.purpose')),
            ],
            options={
                'verbose_name': 'choice',
                'verbose_name_plural': 'choices',
            },
        ),
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('choice', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='asking', to='consent.choice')),
            ],
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', models.JSONField(default=list, verbose_name='channels')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('text', models.TextField(verbose_name='words')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
                ('purpose', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='consent.purpose')),
            ],
            options={
                'verbose_name': 'wording',
                'verbose_name_plural': 'wordings',
                'ordering': ['purpose', 'language', '-version'],
            },
        ),
        migrations.AddField(
            model_name='choice',
            name='wording',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='consent.wording'),
        ),
        migrations.CreateModel(
            name='Settling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settles', to='consent.choice')),
                ('settled', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settled', to='consent.choice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('settled', 'choice'), name='settling_once')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('bounce', 'mail to it came back'), ('complaint', 'complained'), ('unsubscribe', 'unsubscribed')], max_length=11, verbose_name='why')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('place', models.CharField(blank=True, max_length=255, verbose_name='where')),
                ('by_kind', models.CharField(max_length=10)),
                ('by_key', models.BigIntegerField(default=0)),
                ('by_name', models.CharField(max_length=150, verbose_name='who')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=150)),
                ('ended_why', models.CharField(blank=True, max_length=255)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppressions', to='people.batch')),
                ('point', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='suppressions', to='people.contactpoint')),
                ('purpose', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppressions', to='consent.purpose')),
            ],
            options={
                'verbose_name': 'suppression',
                'verbose_name_plural': 'suppressions',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['point'], name='suppression_of'), models.Index(fields=['point', 'at'], name='suppression_history')],
            },
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('purpose', 'language', 'version'), name='wording_once_a_version'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(fields=['identity', 'purpose', 'channel', 'at', 'id'], name='choice_of'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(fields=['purpose', 'channel', 'identity'], name='choice_for'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='choice_batch'),
        ),
        migrations.AddIndex(
            model_name='choice',
            index=models.Index(condition=models.Q(('point__isnull', False)), fields=['purpose', 'channel', 'point'], name='choice_point'),
        ),
    ]
