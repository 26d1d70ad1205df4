from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.jobs import Job, register


class TrustConfig(AppConfig):
    name = "kartoteka.trust"
    label = "trust"
    verbose_name = _("Trust")

    def ready(self) -> None:
        from . import backup_plan, chain, check_doors, guards, personal_keys, rehearsing  # noqa: F401 - checks register themselves
        from .models import Staff
        from .watching import watch_when_due

        # Not in a migration: SQLite remakes a table that is altered, and forgets its guards.
        post_migrate.connect(guards.put_up, sender=self, dispatch_uid="audit guards")
        personal_keys.register()
        register(Job("audit", chain.link_due))
        register(Job("backups", backup_plan.make_due_copy, backup_plan.under_way))
        register(Job("watch", watch_when_due))
        rehearsing.count_too("staff", Staff.objects.count)
