from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kartoteka.intake"
    label = "intake"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from kartoteka.kit import jobs
        from kartoteka.people.follow import leave_trace
        from kartoteka.trust.sealed_text import keeps_secrets

        from . import connections, mail, shops, telephony, tracking
        from .clearing import run_due_clearing
        from .forgetting import sweep, throw_away_done_files, wipe
        from .jobs import import_under_way, run_due_import
        from .models import Connection
        from .shops.doing import do_due
        from .shops.missed import ask_due
        from .tracking.working import forget_addresses, run_due_parcels

        jobs.register(jobs.Job(name="imports", run_due=run_due_import, under_way=import_under_way))
        jobs.register(jobs.Job(name="clearing", run_due=run_due_clearing))
        jobs.register(jobs.Job(name="done files", run_due=throw_away_done_files))
        jobs.register(jobs.Job(name="sweeping", run_due=sweep))
        leave_trace("imports", wipe)
        leave_trace("deliveries", connections.wipe)
        keeps_secrets(Connection, "secret")
        keeps_secrets(Connection, "further")
        tracking.register()
        jobs.register(jobs.Job(name="tracking", run_due=run_due_parcels))
        jobs.register(jobs.Job(name="ip addresses", run_due=forget_addresses))
        shops.register()
        jobs.register(jobs.Job(name="deliveries", run_due=do_due))
        jobs.register(jobs.Job(name="missed orders", run_due=ask_due))
        telephony.register()
        mail.register()
