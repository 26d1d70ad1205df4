"""The route of the catalogue."""

from __future__ import annotations

from typing import Any

from ninja import Router

from kartoteka.people.asdata import fields_as_data
from kartoteka.trust.actor import Right

from .access import Called, route
from .customer_shapes import Catalogue

router = Router(tags=["fields"])


@router.get("/fields", summary="Read the catalogue of fields", **route(Right.SEE, answer=Catalogue))
def list_fields(request: Called) -> dict[str, Any]:
    """Every field that can be known of a customer, built in and the business's own. Sensitive ones need their right."""
    return {"fields": fields_as_data(actor=request.auth)}
