from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kartoteka.people"
    label = "people"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from .followers import register

        register()
