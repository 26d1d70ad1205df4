from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "kartoteka.agenda"
    label = "agenda"
    verbose_name = _("Agenda")

    def ready(self) -> None:
        from kartoteka.kit import jobs
        from kartoteka.people.leaving import Duty, goes_along
        from kartoteka.people.timeline import stream

        from .agenda_stream import CallbackStream, TaskStream
        from .callbacks import callback_duty, hand_over_callbacks, run_due_escalation
        from .followers import register
        from .reminding import run_due_reminder
        from .tasks import hand_over_tasks, task_duty

        register()
        stream(TaskStream())
        stream(CallbackStream())
        goes_along(Duty("tasks", _("Tasks, calls and meetings"), task_duty, hand_over_tasks))
        goes_along(Duty("callbacks", _("Callbacks"), callback_duty, hand_over_callbacks))
        jobs.register(jobs.Job(name="late callbacks", run_due=run_due_escalation))
        jobs.register(jobs.Job(name="reminders by mail", run_due=run_due_reminder))
