/* Kartoteka's own snippet: <script async src="https://YOUR-KARTOTEKA/k.js" data-key="WRITE KEY"></script>
   data-consent="yes": the visitor has agreed; "no": sends nothing. Later: kartoteka.consent(true) or (false).
   Until somebody agrees nothing is stored on their device: the id lives as long as the page. With Do Not Track or Global
   Privacy Control nothing is sent at all. */
(function () {
  "use strict";
  var me = document.currentScript, key = me && me.getAttribute("data-key"), home = me && new URL(me.src).origin;
  if (!key || window.kartoteka) return;
  var nav = navigator, doc = document, STORE = "kartoteka", LONGEST = 50;
  var refused = nav.globalPrivacyControl || nav.doNotTrack === "1" || window.doNotTrack === "1";
  var agreed = me.getAttribute("data-consent") === "yes", denied = me.getAttribute("data-consent") === "no";
  var id = "", user = "", asking = false, waiting = [], sending = false, pause = 0;

  function stored() {
    try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch (_) { return {}; }
  }
  function store() {
    if (!agreed) return;
    try { localStorage.setItem(STORE, JSON.stringify({ id: id, user: user })); } catch (_) { /* then it lives with the page */ }
  }
  function forget() {
    try { localStorage.removeItem(STORE); } catch (_) { /* nothing was stored */ }
  }
  function silent() { return refused || denied; }

  // Ids are random and signed by the server: nobody can make another visitor's up.
  function known() {
    if (id || asking) return;
    var had = stored();
    if (had.id) { agreed = true; id = had.id; user = user || had.user || ""; return flush(); }
    asking = true;
    fetch(home + "/v1/id", { method: "POST" }).then(function (r) { return r.json(); }).then(function (told) {
      asking = false; id = told.id; store(); flush();
    }, function () { asking = false; setTimeout(known, 5000); });
  }
  function unique() {
    var drawn = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(drawn, function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function call(type, more) {
    if (silent()) return;
    more.type = type;
    more.messageId = unique();
    more.timestamp = new Date().toISOString();
    more.context = {
      page: { url: location.href, path: location.pathname, title: doc.title, referrer: from },
      userAgent: nav.userAgent, locale: nav.language,
      screen: { width: screen.width, height: screen.height },
      library: { name: "k.js", version: "1" }
    };
    waiting.push(more);
    if (id) flush(); else known();
  }
  function body(calls) {
    calls.forEach(function (each) { each.anonymousId = id; if (user && !each.userId) each.userId = user; });
    return JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: calls });
  }
  function flush() {
    if (!id || sending || !waiting.length || Date.now() < pause) return;
    var some = waiting.splice(0, LONGEST);
    sending = true;
    fetch(home + "/v1/b", { method: "POST", body: body(some), keepalive: true }).then(function (answer) {
      sending = false;
      if (answer.status === 429 || answer.status >= 500) return again(some, +answer.headers.get("Retry-After") || 10);
      flush();
    }, function () { sending = false; again(some, 10); });
  }
  function again(some, seconds) {
    waiting = some.concat(waiting).slice(-500);
    pause = Date.now() + seconds * 1000;
    setTimeout(flush, seconds * 1000 + 50);
  }
  // The page may be gone in a moment: what waits goes by beacon, which outlives it.
  function hurry() {
    if (id && waiting.length && nav.sendBeacon && nav.sendBeacon(home + "/v1/b", body(waiting))) waiting = [];
  }

  // ---- pages, and how long they were really seen
  var from = doc.referrer, here = "", seen = 0, since = 0, deepest = 0;
  function depth() {
    var all = doc.documentElement.scrollHeight;
    deepest = Math.max(deepest, all ? Math.round((scrollY + innerHeight) / all * 100) : 100);
  }
  function look() { since = doc.visibilityState === "visible" ? Date.now() : 0; }
  function blink() { if (since) { seen += Date.now() - since; since = 0; } }
  function leave() {
    blink();
    if (!here || seen < 500) return;
    call("track", { event: "Page Left", properties: {
      path: here, seconds: Math.round(seen / 1000), depth: Math.min(100, deepest) } });
    seen = 0;
  }
  function page(name, properties) {
    var now = location.pathname + location.search;
    if (here === now && !name) return;
    if (here && here !== now) { leave(); from = location.origin + here; }
    here = now; seen = 0; deepest = 0; depth(); look();
    call("page", { name: name || doc.title, properties: properties || {} });
    setTimeout(products, 0);
    setTimeout(products, 1000); // pages that write themselves take a moment
  }

  // ---- products: <div data-product-sku="S1" data-product-name="Shoe" data-product-price="20">, or schema.org's JSON-LD
  // One that stayed while the page changed was not viewed again; one that came back was.
  var shown = {}, still = {};
  function product(properties) {
    var what = properties.sku || properties.name;
    if (!what || still[what]) return;
    still[what] = true;
    if (!shown[what]) call("track", { event: "Product Viewed", properties: properties });
  }
  function products() {
    still = {};
    doc.querySelectorAll("[data-product-sku]").forEach(function (each) {
      var its = each.dataset;
      product({ sku: its.productSku, name: its.productName, category: its.productCategory,
        price: its.productPrice && +its.productPrice, currency: its.productCurrency });
    });
    doc.querySelectorAll('script[type="application/ld+json"]').forEach(function (each) {
      try {
        var told = JSON.parse(each.textContent);
        [].concat(told["@graph"] || told).forEach(function (one) {
          if (one["@type"] !== "Product") return;
          var offer = [].concat(one.offers || [])[0] || {};
          product({ sku: one.sku || one.productID, name: one.name, category: one.category && String(one.category),
            price: offer.price && +offer.price, currency: offer.priceCurrency });
        });
      } catch (_) { /* somebody else's script is not ours to mend */ }
    });
    shown = still;
  }

  // ---- sharing
  var SHARES = /(facebook\.com\/sharer|(twitter|x)\.com\/(intent|share)|linkedin\.com\/(share|sharing)|wa\.me\/|api\.whatsapp\.com\/send|t\.me\/share|pinterest\.[a-z]+\/pin|reddit\.com\/submit|^mailto:\?)/;
  doc.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href],[data-share],[data-event]");
    if (!link) return;
    var href = link.getAttribute("href") || "", its = link.dataset;
    if (its.event) call("track", { event: its.event, properties: {} });
    var via = its.share || (SHARES.exec(href) || [])[0];
    if (via) call("track", { event: "Page Shared", properties: { via: via, path: here } });
  }, true);

  // ---- pages that change without loading
  ["pushState", "replaceState"].forEach(function (name) {
    var real = history[name];
    history[name] = function () {
      var answer = real.apply(history, arguments);
      setTimeout(page, 0);
      return answer;
    };
  });
  addEventListener("popstate", function () { setTimeout(page, 0); });
  addEventListener("scroll", depth, { passive: true });
  doc.addEventListener("visibilitychange", function () {
    if (doc.visibilityState === "hidden") { leave(); hurry(); } else look();
  });
  addEventListener("pagehide", function () { leave(); hurry(); });

  window.kartoteka = {
    page: page,
    track: function (event, properties) { call("track", { event: event, properties: properties || {} }); },
    identify: function (who, traits) {
      if (who && typeof who === "object") { traits = who; who = ""; }
      if (who) { user = String(who); store(); }
      call("identify", { traits: traits || {} });
    },
    consent: function (yes) {
      agreed = !!yes; denied = !yes;
      if (yes) { store(); if (!here) page(); } else { forget(); waiting = []; id = user = ""; }
    },
    reset: function () { forget(); id = user = ""; }
  };
  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", function () { page(); }); else page();
})();
