"""The API as a whole: its routers, its documents, its addresses."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from . import consents, customers, fields, imports, matches, partners, requests, retention
from .problems import add_refusals, not_found
from .reading import Renderer, StrictParser

api = NinjaAPI(
    title="Kartoteka",
    version="1",
    description="A business's own customer database. Every call sends a token of its own, `Authorization: Bearer ktk_…`, "
    "with the rights it needs; each route names them as `x-rights`. Every refusal has the shape of `Problem`.",
    parser=StrictParser(),
    renderer=Renderer(),
    urls_namespace="api",
)
add_refusals(api)
for module in (customers, consents, imports, matches, fields, requests, retention, partners):
    api.add_router("", module.router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
    re_path("", csrf_exempt(not_found)),
]
