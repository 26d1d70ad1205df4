from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrustConfig(AppConfig):
    name = "kartoteka.trust"
    label = "trust"
    verbose_name = _("Trust")

    def ready(self) -> None:
        from kartoteka.kit import jobs

        from .watching import watch_when_due

        jobs.register(jobs.Job("watch", watch_when_due))
