from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "kartoteka.activity"
    label = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from .followers import register

        register()
