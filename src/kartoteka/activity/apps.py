from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "kartoteka.activity"
    label = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from kartoteka.consent.expiring import keep_while
        from kartoteka.kit import checks, jobs

        from . import dealing_duties, event_followers, facts, followers, traits
        from .home_currency import counted_in_another
        from .revaluing import run_due_revaluing
        from .warehouse.days import run_due_day, under_way

        followers.register()
        event_followers.register()
        dealing_duties.register()
        traits.register_all()
        checks.register(counted_in_another)
        keep_while(facts.seen_since)
        jobs.register(jobs.Job(name="revaluing", run_due=run_due_revaluing))
        jobs.register(jobs.Job(name="days of the site", run_due=run_due_day, under_way=under_way))
