from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kartoteka.people"
    label = "people"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from kartoteka.kit import derived, jobs

        from .exporting.writing import run_due_export, under_way
        from .followers import register
        from .search.index import reindex

        register()
        derived.register("search", reindex)
        jobs.register(jobs.Job("exports", run_due_export, under_way))
