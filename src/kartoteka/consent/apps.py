from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "kartoteka.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from .followers import register

        register()
