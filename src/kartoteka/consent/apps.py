from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "kartoteka.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from kartoteka.people.listing import filter_by

        from .filtering import may_be_reached
        from .followers import register

        register()
        filter_by("may", may_be_reached)
