from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "kartoteka.segments"
    label = "segments"
    verbose_name = _("Groups")

    def ready(self) -> None:
        from kartoteka.kit import jobs

        from .worth.followers import register
        from .worth.running import count_under_way, run_due_count

        register()
        jobs.register(jobs.Job(name="worth", run_due=run_due_count, under_way=count_under_way))
