"""Parts of a file: what players ask for is what they get, and all the parts are the whole."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.web.ranged import in_parts

SOUND = bytes(range(100))


@pytest.mark.parametrize(
    ("asked", "status", "said", "part"),
    [
        ("", 200, None, SOUND),
        ("bytes=0-", 206, "bytes 0-99/100", SOUND),
        ("bytes=0-9", 206, "bytes 0-9/100", SOUND[:10]),
        ("Bytes = 90-500", 206, "bytes 90-99/100", SOUND[90:]),
        ("bytes=-5", 206, "bytes 95-99/100", SOUND[95:]),
        ("bytes=-500", 206, "bytes 0-99/100", SOUND),
        ("bytes=100-", 416, "bytes */100", b""),
        ("bytes=-0", 416, "bytes */100", b""),
        ("bytes=9-0", 200, None, SOUND),
        ("bytes=0-1,5-6", 200, None, SOUND),
        ("bytes=-", 200, None, SOUND),
        ("minutes=0-1", 200, None, SOUND),
        ("bytes=" + "9" * 5000 + "-", 200, None, SOUND),
    ],
)
def test_a_part_is_what_was_asked_for(asked: str, status: int, said: str | None, part: bytes) -> None:
    answer = in_parts(RequestFactory().get("/", headers={"range": asked}), SOUND, content_type="audio/wav")
    assert (answer.status_code, answer.headers.get("Content-Range"), answer.content) == (status, said, part)
    assert answer.headers["Accept-Ranges"] == "bytes"


@given(content=st.binary(min_size=1, max_size=60), step=st.integers(1, 20))
def test_the_parts_one_after_the_other_are_the_whole(content: bytes, step: int) -> None:
    asked = [f"bytes={first}-{first + step - 1}" for first in range(0, len(content), step)]
    parts = [
        in_parts(RequestFactory().get("/", headers={"range": each}), content, content_type="audio/wav")
        for each in asked
    ]
    assert {each.status_code for each in parts} == {206}
    assert b"".join(each.content for each in parts) == content
