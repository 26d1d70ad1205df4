"""Whether a line of an order is a charge (postage, a fee, a discount, a correction by hand) or something that is sold.

Shops write charges among their goods, as lines like any other. Where nobody says which is which, three things tell:
a price below nothing; a name that holds words for charges and nothing else ("Postage & packing", "Wysyłka kurierem DPD");
and a name with such a word at its end under an article number without a digit ("DOT": "DOTCOM POSTAGE"), as bookkeepers
number what they do not keep in stock. "Delivery box", "Postage stamps" and "Membership fee" are sold.
"""

import re
from decimal import Decimal

from .letters import fold

_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


# Under an article number without a digit, a charge wherever the name ends with it,
_AT_THE_END = _words("postage shipping freight surcharge commission discount discounts rebate rounding")
# or, in languages that put the rest behind, begins with it.
_AT_BOTH_ENDS = _words(
    """
    wysyłka przesyłka prowizja rabat rabaty zniżka zniżki upust zaokrąglenie
    toimituskulu toimituskulut toimitusmaksu postikulu postikulut postimaksu rahti lähetyskulut käsittelykulut alennus
    pyöristys välityspalkkio laskutuslisä pientoimituslisä
    posgeld versendingskoste versendkoste afleweringskoste afleweringsfooi vraggeld hanteringsfooi bankkoste afslag
    korting kommissie afronding
    penghantaran diskaun rebat komisen penggenapan
    pagpapadala paghahatid diskwento diskuwento komisyon
    porto versandkosten versand nachlass provision frachtkosten
    """
)
# These are one where they are all there is: goods and services are named by them too ("Carriage clock", "Course fee").
_ALONE = _words(
    """
    carriage delivery courier handling charge charges transport gratuity tip dispatch fee fees
    wysyłki wysyłkę przesyłki przesyłkę dostawa dostawy dostawę kurier kuriera kurierem kurierska kurierską koszt koszty
    doręczenie pobranie opłata opłaty napiwek kaucja
    toimitus postitus lähetys kuljetus maksu kulut palvelumaksu käsittelymaksu hyvitys pantti juomaraha
    versending aflewering koerier hantering vrag koste fooi fooie diensfooi
    caj yuran bayaran kurier upah pos
    padala hatid bayad bawas singil bayarin
    lieferung zustellung fracht kosten gebühr gebühren rundung trinkgeld pfand
    """
)
# These say nothing by themselves; beside the others they do not make it goods.
_BESIDE = _words(
    """
    and the of to for by per with in on via incl excl vat gst sst a an i na w z za do dla oraz ja sekä en und met sa ng ang
    mga dan ke untuk oleh mit für nach von next day first second class online home local national international domestic
    overseas worldwide inland zone standard express economy priority tracked signed flat rate free extra service bank
    payment card cash order packing packaging uk eu us usa
    pakowanie paczkomat paczkomaty paczka pocztowa pocztowe bankowa manipulacyjna recyklingowa krajowa zagraniczna odbiór
    pobraniem przedpłata płatność priorytetowa ekonomiczna
    pakkaus kotiin noutopiste postipaketti kotimaa ulkomaat matkahuolto
    verpakking huis binnelands buitelands standaard
    kos pembungkusan ekspres biasa perkhidmatan pengendalian serbisyo bangko verpackung nachnahme ausland inland
    dhl ups dpd gls tnt fedex usps royal mail parcelforce hermes evri inpost poczta polska pocztex posti schenker postnord
    poslaju jnt lbc ninjavan pudo aramex amazon ebay paypal stripe allegro dotcom klarna
    """
)
# What somebody put right by hand. Under an article number with digits that is a note on the goods, or a book.
_BY_HAND = _words(
    "manual correction adjust adjustment bad debt korekta oikaisu regstelling pelarasan pagtatama korrektur"
)
# A name of one word that says so in one: "Pakkauskulut".
_ENDINGS = ("kulut", "toimitusmaksu", "versandkosten")


def is_charge(name: str, *, sku: str = "", price: Decimal | None = None) -> bool:
    """Whether what a line names is a charge. sku: its article number, which may be the name again; price: of one unit."""
    if price is not None and price < 0:
        return True
    words = _WORD.findall(fold(name or sku))
    if not words:
        return False
    said = [_is_word(each) for each in words]
    if any(said) and all(yes or each in _BESIDE for yes, each in zip(said, words, strict=True)):
        return True
    numbered = bool(sku) and fold(sku) != fold(name)
    if numbered and any(letter.isdigit() for letter in sku):
        return False
    if set(words) <= _BY_HAND:
        return True
    told = [each for each in words if each not in _BESIDE] or words
    return numbered and (told[-1] in _AT_THE_END | _AT_BOTH_ENDS or told[0] in _AT_BOTH_ENDS)


def _is_word(word: str) -> bool:
    return word in _AT_THE_END or word in _AT_BOTH_ENDS or word in _ALONE or word.endswith(_ENDINGS)
