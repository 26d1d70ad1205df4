from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "kartoteka.quality"
    label = "quality"
    verbose_name = _("Quality")

    def ready(self) -> None:
        from kartoteka.kit import jobs, news
        from kartoteka.people.news import Recounted
        from kartoteka.people.timeline import stream

        from . import kept
        from .figures import MATTER
        from .followers import register
        from .jobs import count_anew, matching_under_way, run_due_matching
        from .timeline import STREAMS
        from .traits import register_all

        register()
        register_all()
        for each in STREAMS:
            stream(each)
        kept.register(MATTER)
        news.listen(Recounted, count_anew)
        jobs.register(jobs.Job(name="figures", run_due=kept.run_due_count))
        jobs.register(jobs.Job(name="matching", run_due=run_due_matching, under_way=matching_under_way))
