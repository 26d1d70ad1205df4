"""The words in which files tell the state of an order: shops' own, and people's in their languages."""

from functools import cache

from .files.headings import fold

_WORDS = {
    "placed": "placed, new, open, pending, pending payment, on hold, unpaid, awaiting payment, received, created, draft, "
    "nowe, złożone, przyjęte, oczekuje, nieopłacone, uusi, vastaanotettu, odottaa, nuwe, geplaas, hangende, wag, baru, "
    "diterima, menunggu, bago, natanggap, naghihintay, neu, offen, eingegangen",
    "paid": "paid, processing, authorized, payment received, opłacone, zapłacone, w realizacji, maksettu, käsittelyssä, "
    "betaal, verwerk, dibayar, diproses, bayad, bayad na, bezahlt, in bearbeitung",
    "packed": "packed, packing, ready, ready to ship, picked, spakowane, gotowe, pakattu, valmis, gepak, gereed, "
    "dibungkus, sedia, nakabalot, handa, gepackt, versandbereit",
    "sent": "sent, shipped, dispatched, in transit, fulfilled, partially shipped, wysłane, nadane, w drodze, lähetetty, "
    "matkalla, gestuur, versend, dihantar, dalam perjalanan, naipadala, ipinadala, versandt, verschickt",
    "delivered": "delivered, completed, complete, done, closed, collected, picked up, finished, dostarczone, odebrane, "
    "zrealizowane, zakończone, toimitettu, noudettu, valmistunut, afgelewer, voltooi, selesai, telah diterima, naihatid, "
    "tapos, zugestellt, abgeschlossen, geliefert",
    "returned": "returned, refunded, return, refund, zwrócone, zwrot, palautettu, hyvitetty, teruggestuur, terugbetaal, "
    "dipulangkan, dikembalikan, ibinalik, naibalik, zurückgesandt, erstattet, retoure",
    "cancelled": "cancelled, canceled, cancel, void, voided, failed, storno, rejected, expired, anulowane, odrzucone, "
    "peruttu, peruutettu, hylätty, gekanselleer, dibatalkan, batal, kinansela, kanselado, storniert, abgebrochen",
}


@cache
def _states() -> dict[str, str]:
    return {fold(word): state for state, words in _WORDS.items() for word in words.split(",")}


def state_of(text: str) -> str:
    """The state that a word means; "" for a word we do not know."""
    return _states().get(fold(text.removeprefix("wc-")), "")
