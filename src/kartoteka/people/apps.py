from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kartoteka.people"
    label = "people"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from kartoteka.kit import derived, jobs, news
        from kartoteka.trust import rehearsing
        from kartoteka.trust.news import TeamsChanged

        from .canaries import forget_in_canaries
        from .exporting.asking import forget_in_exports
        from .exporting.writing import run_due_export, under_way
        from .follow import leave_trace
        from .followers import register
        from .models import Claim, Customer
        from .recounting import place_all, run_due_recount
        from .resealing import run_due_resealing
        from .search import schema
        from .search.index import reindex
        from .timeline import stream
        from .told_stream import ToldStream
        from .traits import register_all

        post_migrate.connect(schema.put_up, sender=self, dispatch_uid="search tables")
        register()
        register_all()
        stream(ToldStream())
        derived.register("search", reindex)
        rehearsing.count_too("customers", lambda: Customer.objects.filter(merged_into=None).count())
        rehearsing.count_too("claims", Claim.objects.count)
        leave_trace("exports", forget_in_exports)
        leave_trace("canaries", forget_in_canaries)
        news.take_note(TeamsChanged, place_all)
        jobs.register(jobs.Job(name="recount", run_due=run_due_recount))
        jobs.register(jobs.Job("resealing", run_due_resealing))
        jobs.register(jobs.Job("exports", run_due_export, under_way))
