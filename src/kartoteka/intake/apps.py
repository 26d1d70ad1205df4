from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kartoteka.intake"
    label = "intake"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from kartoteka.kit import jobs

        from .clearing import run_due_clearing
        from .jobs import import_under_way, run_due_import

        jobs.register(jobs.Job(name="imports", run_due=run_due_import, under_way=import_under_way))
        jobs.register(jobs.Job(name="clearing", run_due=run_due_clearing))
