"""The usual purposes, to begin with: names and words in six languages. The owner changes or ends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kartoteka.people.models import Ground


@dataclass(frozen=True)
class Preset:
    """A purpose as it is first made. more: its other fields."""

    ground: str
    names: Mapping[str, str]
    wordings: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    "marketing": Preset(
        Ground.CONSENT,
        {
            "en": "News and offers", "pl": "Nowości i oferty", "fi": "Uutiset ja tarjoukset",
            "af": "Nuus en aanbiedinge", "ms": "Berita dan tawaran", "fil": "Balita at mga alok",
        },
        {
            "en": "Yes, send me news and offers. I can say stop at any time.",
            "pl": "Tak, chcę otrzymywać nowości i oferty. W każdej chwili mogę z tego zrezygnować.",
            "fi": "Kyllä, minulle saa lähettää uutisia ja tarjouksia. Voin perua tämän milloin tahansa.",
            "af": "Ja, stuur vir my nuus en aanbiedinge. Ek kan dit enige tyd stop.",
            "ms": "Ya, hantarkan berita dan tawaran kepada saya. Saya boleh berhenti pada bila-bila masa.",
            "fil": "Oo, padalhan ninyo ako ng balita at mga alok. Maaari ko itong ihinto anumang oras.",
        },
        {"marketing": True},
    ),
    "profiling": Preset(
        Ground.CONSENT,
        {
            "en": "Offers made to fit me", "pl": "Oferty dopasowane do mnie", "fi": "Minulle sopivat tarjoukset",
            "af": "Aanbiedinge wat by my pas", "ms": "Tawaran yang sesuai untuk saya",
            "fil": "Mga alok na bagay sa akin",
        },
        {
            "en": "Yes, use what I buy and look at to choose offers for me. I can say stop at any time.",
            "pl": "Tak, wykorzystujcie to, co kupuję i oglądam, aby dobierać dla mnie oferty. W każdej chwili "
            "mogę z tego "
            "zrezygnować.",
            "fi": "Kyllä, ostoksiani ja katselemiani tuotteita saa käyttää tarjousten valintaan. Voin perua "
            "tämän milloin "
            "tahansa.",
            "af": "Ja, gebruik wat ek koop en bekyk om aanbiedinge vir my te kies. Ek kan dit enige tyd stop.",
            "ms": "Ya, gunakan apa yang saya beli dan lihat untuk memilih tawaran bagi saya. Saya boleh berhenti pada "
            "bila-bila masa.",
            "fil": "Oo, gamitin ninyo ang binibili at tinitingnan ko para pumili ng mga alok para sa akin. "
            "Maaari ko itong "
            "ihinto anumang oras.",
        },
        {"marketing": True},
    ),
    "partners": Preset(
        Ground.CONSENT,
        {
            "en": "Passing on to partners", "pl": "Przekazanie partnerom", "fi": "Luovutus kumppaneille",
            "af": "Deel met vennote", "ms": "Perkongsian dengan rakan niaga", "fil": "Pagbabahagi sa mga katuwang",
        },
        {
            "en": "Yes, you may pass my contact details on to your partners. I can say stop at any time.",
            "pl": "Tak, możecie przekazać moje dane kontaktowe swoim partnerom. W każdej chwili mogę z tego zrezygnować.",
            "fi": "Kyllä, yhteystietoni saa luovuttaa kumppaneillenne. Voin perua tämän milloin tahansa.",
            "af": "Ja, julle mag my kontakbesonderhede met julle vennote deel. Ek kan dit enige tyd stop.",
            "ms": "Ya, anda boleh berkongsi butiran hubungan saya dengan rakan niaga anda. Saya boleh berhenti pada "
            "bila-bila masa.",
            "fil": "Oo, maaari ninyong ibahagi ang mga detalye ng kontak ko sa inyong mga katuwang. Maaari ko "
            "itong ihinto "
            "anumang oras.",
        },
        {"marketing": True},
    ),
    "research": Preset(
        Ground.CONSENT,
        {
            "en": "Questions and research", "pl": "Ankiety i badania", "fi": "Kyselyt ja tutkimus",
            "af": "Vrae en navorsing", "ms": "Soal selidik dan kajian", "fil": "Mga tanong at pananaliksik",
        },
        {
            "en": "Yes, you may ask me what I think. I can say stop at any time.",
            "pl": "Tak, możecie pytać mnie o zdanie. W każdej chwili mogę z tego zrezygnować.",
            "fi": "Kyllä, mielipidettäni saa kysyä. Voin perua tämän milloin tahansa.",
            "af": "Ja, julle mag vra wat ek dink. Ek kan dit enige tyd stop.",
            "ms": "Ya, anda boleh bertanya pendapat saya. Saya boleh berhenti pada bila-bila masa.",
            "fil": "Oo, maaari ninyong itanong ang palagay ko. Maaari ko itong ihinto anumang oras.",
        },
    ),
    "service": Preset(
        Ground.CONTRACT,
        {
            "en": "Orders and service", "pl": "Zamówienia i obsługa", "fi": "Tilaukset ja palvelu",
            "af": "Bestellings en diens", "ms": "Pesanan dan khidmat", "fil": "Mga order at serbisyo",
        },
        {
            "en": "We write to you about your orders and your questions, as that is part of serving you.",
            "pl": "Piszemy do Ciebie w sprawie Twoich zamówień i pytań, bo to część obsługi.",
            "fi": "Kirjoitamme sinulle tilauksistasi ja kysymyksistäsi, sillä se kuuluu palveluun.",
            "af": "Ons skryf aan jou oor jou bestellings en vrae, want dit is deel van ons diens.",
            "ms": "Kami menghubungi anda tentang pesanan dan pertanyaan anda kerana itu sebahagian daripada "
            "khidmat kami.",
            "fil": "Sumusulat kami sa inyo tungkol sa inyong mga order at tanong dahil bahagi ito ng serbisyo.",
        },
    ),
}  # fmt: skip
