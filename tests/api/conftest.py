"""Calling the API in tests: a client with a token of these rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token

Caller = Callable[..., "Api"]


class Api:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Any:
        """Call a route, check the code of the answer, and give back what it says."""
        if body is not None:
            more |= {"data": body, "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/v1{path}", **more)
        assert answer.status_code == status, (answer.status_code, answer.content[:600])
        return answer.json() if answer["Content-Type"].startswith("application/json") else answer

    def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        """Read."""
        return self.call("get", path, status=status, query_params=query)

    def queries(self, path: str) -> int:
        """How many queries reading this takes, once the token's use is noted."""
        self.get(path)
        with CaptureQueriesContext(connection) as queries:
            self.get(path)
        return len(queries)

    def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Do."""
        return self.call("post", path, body or {}, status=status)

    def patch(self, path: str, body: Any, *, status: int = 200) -> Any:
        """Change."""
        return self.call("patch", path, body, status=status)

    def upload(self, file: Any, *, status: int = 202, **form: Any) -> Any:
        """Send a file."""
        return self.call("post", "/imports", status=status, data={"file": file, **form})


@pytest.fixture
def caller(db: None) -> Iterator[Caller]:
    """Makes a program with these rights; all of them, if none is named."""
    cache.clear()
    yield lambda *rights: Api(
        make_token(name="a program", rights=[each.value for each in rights or tuple(Right)], by=SHELL)
    )
    cache.clear()
