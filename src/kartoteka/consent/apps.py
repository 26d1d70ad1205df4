from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "kartoteka.consent"
    label = "consent"
    verbose_name = _("Consent")

    def ready(self) -> None:
        from kartoteka.people.door import keep_the_door

        from . import followers, request_followers
        from .facts import hold
        from .requests import restricted
        from .tombstones import met

        followers.register()
        request_followers.register()
        hold(restricted)
        keep_the_door(met)
