from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


# What counts with numpy and DuckDB, and what writes papers, is loaded by the worker that does it, not by every command.
def _shape_groups() -> bool:
    from .worth.shapes import run_due_shape

    return run_due_shape()


def _send_reports() -> bool:
    from .worth.sending import run_due_mail

    return run_due_mail()


class SegmentsConfig(AppConfig):
    name = "kartoteka.segments"
    label = "segments"
    verbose_name = _("Groups")

    def ready(self) -> None:
        from kartoteka.activity.news import ActivityChanged
        from kartoteka.consent.news import MayHaveChanged
        from kartoteka.kit import jobs
        from kartoteka.kit.news import take_note
        from kartoteka.people.exporting.columns import filled_by
        from kartoteka.people.exporting.writing import write_by
        from kartoteka.people.listing import filter_by
        from kartoteka.people.news import CustomersChanged, CustomersGone, Recounted
        from kartoteka.quality import kept

        from . import followers, keeping, traits
        from .audiences import PLATFORMS, write_audience
        from .glance import MATTERS
        from .narrowing import by_worth, in_group
        from .worth import columns, efforts
        from .worth import followers as worth_followers
        from .worth import traits as worth_traits
        from .worth.running import count_under_way, run_due_count

        followers.register()
        worth_followers.register()
        for matter in MATTERS:
            kept.register(matter)
        filter_by("group", in_group)
        filter_by("worth", by_worth)
        filled_by(columns.COLUMNS, columns.cells)
        traits.register_all()
        worth_traits.register_all()
        efforts.register_all()
        for kind in (CustomersChanged, CustomersGone):
            take_note(kind, keeping.customers_changed)
        take_note(Recounted, keeping.rebuild_all)
        take_note(ActivityChanged, keeping.theirs_changed)
        take_note(MayHaveChanged, keeping.theirs_changed)
        for platform in PLATFORMS:
            write_by(platform, write_audience)
        jobs.register(jobs.Job(name="segments", run_due=keeping.run_due))
        jobs.register(jobs.Job(name="worth", run_due=run_due_count, under_way=count_under_way))
        jobs.register(jobs.Job(name="worth of groups", run_due=_shape_groups))
        jobs.register(jobs.Job(name="reports by mail", run_due=_send_reports))
