from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kartoteka.people"
    label = "people"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from kartoteka.kit import derived

        from .followers import register
        from .search.index import reindex

        register()
        derived.register("search", reindex)
