"""Every address: the pages, the API, sign-in and the watchdog's question."""

from django.urls import URLPattern, URLResolver, include, path

from kartoteka.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("kartoteka.api.urls")),
    path("", include("kartoteka.api.tracking")),
    path("", include("kartoteka.web.urls")),
]
