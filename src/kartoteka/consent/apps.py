from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "kartoteka.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from kartoteka.people.door import keep_the_door

        from . import request_followers
        from .tombstones import met

        request_followers.register()
        keep_the_door(met)
