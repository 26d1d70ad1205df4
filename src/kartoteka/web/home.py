"""Home: how the base stands, each figure a way to its worklist."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from .access import SignedIn


def home(request: SignedIn) -> HttpResponse:
    """The figures."""
    return render(request, "web/home.html")
