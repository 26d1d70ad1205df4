from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kartoteka.web"
    label = "web"

    def ready(self) -> None:
        from kartoteka.people.follow import leave_trace

        from .remembered import forget_in_sessions

        leave_trace("sessions", forget_in_sessions)
