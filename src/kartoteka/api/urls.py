"""The API as a whole: its routers, its documents, its addresses."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema

from . import (
    callbacks,
    consents,
    customers,
    dealings,
    fields,
    imports,
    matches,
    orders,
    partners,
    requests,
    retention,
    segments,
    site,
    tasks,
    worth,
)
from .problems import add_refusals, not_found
from .reading import Renderer, StrictParser


class Page(DocsBase):
    """The page that shows the API and lets it be tried, all of it from this server."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        how = {"layout": "BaseLayout", "deepLinking": True, "url": self.get_openapi_url(api, kwargs)}
        return render(request, "ninja/swagger.html", {"api": api, "swagger_settings": json.dumps(how)})


class Described(NinjaAPI):
    """The API, which describes itself from its routes once: they do not change while it runs."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI document, as the addresses are reached below this prefix."""
        prefix = path_prefix if path_prefix is not None else self.get_root_path(path_params or {})
        if prefix not in self._described:
            self._described[prefix] = super().get_openapi_schema(path_prefix=prefix)
        return self._described[prefix]


api = Described(
    title="Kartoteka",
    version="1",
    description="A business's own customer database. Every call sends a token of its own, `Authorization: Bearer ktk_…`, "
    "with the rights it needs; each route names them as `x-rights`. Every refusal has the shape of `Problem`.",
    docs=Page(),
    parser=StrictParser(),
    renderer=Renderer(),
    urls_namespace="api",
)
add_refusals(api)
for module in (
    customers,
    consents,
    imports,
    orders,
    matches,
    fields,
    requests,
    retention,
    partners,
    callbacks,
    dealings,
    tasks,
    segments,
    site,
    worth,
):
    api.add_router("", module.router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
    re_path("", csrf_exempt(not_found)),
]
