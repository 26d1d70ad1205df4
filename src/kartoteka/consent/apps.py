from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "kartoteka.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from kartoteka.kit import checks, jobs
        from kartoteka.kit.news import take_note
        from kartoteka.people.door import keep_the_door
        from kartoteka.people.listing import filter_by
        from kartoteka.people.news import CustomersGone, PointsMade

        from . import append_only, followers, policy_changes, request_followers, returning, traits
        from .exchanging import FURTHER, agreed_to
        from .facts import hold
        from .filtering import may_be_reached
        from .links import end_with_joining
        from .listed import look_for_new
        from .register_reading import run_due_reading
        from .register_reading import under_way as reading
        from .registers import too_old
        from .removing import run_due_retention, under_way
        from .requests import restricted
        from .tombstones import met

        post_migrate.connect(append_only.put_up, sender=self, dispatch_uid="ledger guards")
        followers.register()
        traits.register_all()
        request_followers.register()
        returning.register()
        filter_by("may", may_be_reached)
        filter_by(FURTHER, agreed_to)
        filter_by(policy_changes.FURTHER, policy_changes.to_be_asked)
        hold(restricted)
        keep_the_door(met)
        take_note(PointsMade, look_for_new)
        take_note(CustomersGone, end_with_joining)
        checks.register(too_old)
        jobs.register(jobs.Job(name="registers", run_due=run_due_reading, under_way=reading))
        jobs.register(jobs.Job(name="retention", run_due=run_due_retention, under_way=under_way))
