"""The throwaway cluster answers while it is needed, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tools.postgres import cluster


def test_it_comes_and_goes() -> None:
    with cluster() as url:
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        with psycopg.connect(url.replace("@/kartoteka?", "@/postgres?")) as server:
            assert server.execute("SHOW listen_addresses").fetchone() == ("",)
            assert server.execute("SELECT 'Ł' ILIKE 'ł'").fetchone() == (True,)
    assert not folder.exists()
