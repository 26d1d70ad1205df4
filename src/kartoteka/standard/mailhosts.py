"""What is known of mail domains: the big providers, how they are misspelt, throw-away mailboxes, office names."""

from functools import lru_cache

from kartoteka.standard.characters import words

# Providers by country, the ones customers' lists are full of.
_PROVIDERS = frozenset(
    words("""
    gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com
    icloud.com me.com mac.com
    aol.com protonmail.com proton.me pm.me mail.com email.com gmx.com gmx.net zoho.com fastmail.com yandex.com hey.com
    wp.pl onet.pl onet.eu op.pl o2.pl interia.pl interia.eu poczta.onet.pl poczta.fm vp.pl tlen.pl gazeta.pl
    go2.pl buziaczek.pl
    autograf.pl neostrada.pl amorki.pl spoko.pl home.pl outlook.pl
    luukku.com suomi24.fi saunalahti.fi kolumbus.fi elisanet.fi pp.inet.fi welho.com hotmail.fi netti.fi
    phnet.fi dnainternet.net
    mweb.co.za telkomsa.net webmail.co.za vodamail.co.za iafrica.com absamail.co.za lantic.net polka.co.za live.co.za
    yahoo.com.ph globe.com.ph pldtdsl.net skyinet.net yahoo.com.my tm.net.my streamyx.com live.com.my
    yahoo.co.uk hotmail.co.uk live.co.uk btinternet.com sky.com ntlworld.com virginmedia.com talktalk.net blueyonder.co.uk
    tiscali.co.uk gmx.de web.de t-online.de freenet.de arcor.de yahoo.de hotmail.de outlook.de live.de mail.de posteo.de
    comcast.net verizon.net att.net sbcglobal.net cox.net
    """)
)
# Providers with a domain in many countries: any real ending is theirs.
_WORLDWIDE = frozenset(("yahoo", "hotmail", "outlook", "live", "gmx", "aol", "yandex", "proton"))
# Near a provider's name, and somebody's own domain all the same.
_NOT_TYPOS = frozenset(
    ("mail", "email", "ymail", "gmx", "mmail", "hmail", "lmail", "tmail", "bmail", "qmail", "umail", "xmail")
)
# Endings that are no top-level domain and what they were meant to be.
_ENDINGS = {
    **dict.fromkeys(
        words("con cmo ocm vom xom comm coom conm cim cpm clm cxm cok coml coma comt copm cop"), "com"
    ),
    **dict.fromkeys(words("nte ner nett bet met ent"), "net"),
    **dict.fromkeys(words("orgg ogr rog"), "org"),
    **dict.fromkeys(words("pll ppl lp pol plp"), "pl"),
    **dict.fromkeys(words("fii ffi if"), "fi"),
    **dict.fromkeys(words("dee ed"), "de"),
    **dict.fromkeys(words("zaa"), "za"),
    "coza": "co.za",
    "couk": "co.uk",
    "comph": "com.ph",
    "commy": "com.my",
}
_SIMILAR_NAMES = {name.partition(".")[0] for name in _PROVIDERS}
_LONG_NAMES = tuple(
    sorted(
        name for name in _SIMILAR_NAMES if len(name) >= 5 and name not in ("email", "ymail", "polka", "spoko")
    )
)
_HOMES = {name.partition(".")[0]: name.partition(".")[2] for name in sorted(_PROVIDERS, key=lambda n: (-len(n), n))} | {
    "gmail": "com", "yahoo": "com", "hotmail": "com", "outlook": "com", "icloud": "com", "onet": "pl", "interia": "pl"
}  # fmt: skip

_BY_SIGHT = {
    "02.pl": "o2.pl",
    "0p.pl": "op.pl",
    "wp.com.pl": "wp.pl",
    "onet.com.pl": "onet.pl",
}  # read off paper

_DISPOSABLE = frozenset(
    words("""
    mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org sharklasers.com grr.la
    10minutemail.com 10minutemail.net
    tempmail.com temp-mail.org temp-mail.io tempmail.net tempail.com throwawaymail.com yopmail.com yopmail.fr yopmail.net
    trashmail.com trashmail.de trashmail.net dispostable.com getnada.com nada.email maildrop.cc
    mintemail.com mohmal.com fakeinbox.com
    mailnesia.com emailondeck.com spamgourmet.com discard.email discardmail.com discardmail.de
    wegwerfmail.de wegwerfemail.de
    byom.de spambog.com mailcatch.com tempr.email moakt.com 33mail.com burnermail.io koszmail.pl
    tymczasowy.com 20minutemail.com
    """)
)
_ROLES = frozenset(
    words("""
    info office contact kontakt biuro sekretariat sklep sprzedaz zamowienia kadry ksiegowosc faktury admin
    administrator webmaster
    postmaster hostmaster abuse noreply no-reply donotreply do-not-reply support help helpdesk sales
    marketing accounts accounting
    billing orders enquiries enquiry inquiry hr jobs team service reception hello mail newsletter shop store
    toimisto myynti asiakaspalvelu laskutus tilaukset asiakas info.fi buero rechnung vertrieb verkauf bestellung
    navrae verkope rekeninge pertanyaan jualan akaun
    """)
)


def is_role(local: str) -> bool:
    """Whether a local part names an office, not a person."""
    return local in _ROLES


def is_provider(domain: str) -> bool:
    """Whether a domain is a well-known provider's."""
    return domain in _PROVIDERS


def is_disposable(domain: str) -> bool:
    """Whether a domain gives mailboxes for an hour (the well-known ones)."""
    return domain in _DISPOSABLE


@lru_cache(maxsize=8192)
def meant_domain(domain: str) -> str:
    """The domain that was probably meant where `domain` looks like a misspelt provider; else ""."""
    if domain in _PROVIDERS:
        return ""
    if domain in _BY_SIGHT:
        return _BY_SIGHT[domain]
    name, _, ending = domain.partition(".")
    last = ending.rpartition(".")[2]
    fixed = ending[: len(ending) - len(last)] + _ENDINGS[last] if last in _ENDINGS else ending
    meant = _meant_name(name)
    if not meant:
        return f"{name}.{fixed}" if fixed != ending else ""
    if f"{meant}.{fixed}" in _PROVIDERS or (meant in _WORLDWIDE and fixed not in ("co", "cm", "om", "c")):
        proposed = f"{meant}.{fixed}"
    else:
        proposed = f"{meant}.{_HOMES[meant]}"
    return "" if proposed == domain or (meant == name and not _mistaken_ending(name, ending)) else proposed


def _meant_name(name: str) -> str:
    """The provider's name within one slip of `name`: a letter lost, doubled, swapped or hit beside."""
    if name in _SIMILAR_NAMES:
        return name
    if name in _NOT_TYPOS or len(name) < 4:
        return ""
    from rapidfuzz.distance import OSA

    near = [known for known in _LONG_NAMES if OSA.distance(name, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else ""


def _mistaken_ending(name: str, ending: str) -> bool:
    """Whether a provider is known not to live under this ending: gmail.co, icloud.cm, or an ending that is none."""
    if ending.rpartition(".")[2] in _ENDINGS or ending in ("co", "cm", "om"):
        return True
    return name in ("gmail", "icloud", "googlemail")
