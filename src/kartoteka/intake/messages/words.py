"""The words of orders in messages, in six languages (en, af, fil, fi, ms, pl), folded: small, without accents."""

# ruff: noqa: E501, SIM905 - lists of words, a line a language

# How many, where it is not written in digits.
NUMBERS: dict[str, int] = {
    word: number
    for number, words in {
        1: "one een isa isang satu se sebiji yksi yhden yhta jeden jedna jedno jedna",
        2: "two twee dalawa dalawang dua kaksi kahta dwa dwie dwoje pare para couple",
        3: "three drie tatlo tatlong tiga kolme kolmea trzy troje",
        4: "four vier apat empat nelja neljaa cztery",
        5: "five vyf lima limang viisi viitta piec",
        6: "six ses anim enam kuusi kuutta szesc",
        7: "seven sewe pito pitong tujuh seitseman siedem",
        8: "eight agt walo walong lapan kahdeksan osiem",
        9: "nine nege siyam sembilan yhdeksan dziewiec",
        10: "ten tien sampu sampung sepuluh kymmenen dziesiec",
        12: "dozen dosyn dosena sedozen tusina tuzin tusinan",
    }.items()
    for word in words.split()
}
# Of what: pieces say nothing more; weights and measures belong to the name.
PIECES = frozenset(
    "x pcs pc piece pieces stuks stuk piraso pirasong pcs. biji buah keping unit kpl kappaletta szt szt. sztuk sztuki sztuka ea"
    .split()
)  # fmt: skip
MEASURES = frozenset(
    "kg kilo kilos kila kilogram kilogramow kilon g gr gram gramow dag l litre liter litra litrow ml m cm pack packs pak pakke "
    "paket pakete pakkausta box boxes kahon kotak boks laatikko laatikkoa opak opakowanie opakowania paczka paczki paczek "
    "butelka butelki butelek bottle bottles bottel bottels bote botol pullo pulloa tub tray trays bilao sack sako karton"
    .split()
)  # fmt: skip
DAYS: dict[str, int] = {
    word: day
    for day, words in enumerate((
        "monday mon maandag lunes isnin maanantai maanantaina poniedzialek poniedzialku",
        "tuesday tue dinsdag martes selasa tiistai tiistaina wtorek wtorku",
        "wednesday wed woensdag miyerkules miyerkoles rabu keskiviikko keskiviikkona sroda srode",
        "thursday thu donderdag huwebes khamis torstai torstaina czwartek",
        "friday fri vrydag biyernes jumaat perjantai perjantaina piatek",
        "saturday sat saterdag sabado sabtu lauantai lauantaina sobota sobote",
        "sunday sun sondag linggo ahad sunnuntai sunnuntaina niedziela niedziele",
    ))
    for word in words.split()
}  # fmt: skip
RELATIVE: dict[str, int] = {
    **dict.fromkeys(
        "today vandag ngayon ngayong hari-ini tanaan dzis dzisiaj tonight vanaand mamaya dzis".split(), 0
    ),
    **dict.fromkeys("tomorrow tmrw more môre bukas esok huomenna huomiseksi jutro".split(), 1),
    **dict.fromkeys("oormore makalawa lusa ylihuomenna pojutrze overmorrow".split(), 2),
}
# What stands before where it is to be brought, and before who it is for.
PLACE = (
    "deliver to", "deliver it to", "delivery to", "delivery address", "delivery", "address", "send to", "ship to",
    "aflewer by", "aflewering", "lewer by", "adres", "stuur na",
    "padala sa", "ipadala sa", "deliver sa", "paki-deliver sa", "address ko", "tirahan",
    "hantar ke", "penghantaran", "alamat", "toimitus osoitteeseen", "toimitusosoite", "toimitus", "osoite", "osoitteeseen",
    "dostawa na adres", "dostawa pod adres", "adres dostawy", "dostawa na", "dostawa do", "dostawa", "wysylka na",
)  # fmt: skip
NAME = (
    "my name is", "this is", "name", "it's", "for", "my naam is", "naam", "ek is", "ako si", "ako po si", "si", "pangalan ko",
    "pangalan", "nama saya", "nama", "saya", "nimeni on", "nimi", "taalla", "nazywam sie", "imie i nazwisko", "imie", "tu",
    "z tej strony",
)  # fmt: skip
# After these a message is signed.
REGARDS = (
    "regards", "kind regards", "best regards", "best", "thanks", "thank you", "cheers", "groete", "dankie", "vriendelike groete",
    "salamat", "salamat po", "maraming salamat", "terima kasih", "tq", "terveisin", "ystavallisin terveisin", "kiitos", "t",
    "pozdrawiam", "pozdrowienia", "dziekuje", "z powazaniem",
)  # fmt: skip
# What begins an order and belongs to no article's name.
ASKING = (
    "i would like to order", "i'd like to order", "i want to order", "i would like", "i'd like", "can i order", "can i have",
    "can i get", "please send", "please", "order", "i need", "i want",
    "ek wil graag bestel", "ek wil bestel", "ek wil he", "ek wil graag", "kan ek kry", "asseblief", "bestelling", "bestel",
    "pa-order po ng", "pa-order po", "pa-order ng", "pa-order", "pa order", "order po ako ng", "gusto ko umorder ng",
    "gusto kong umorder ng", "pabili po ng", "pabili ng", "pabili", "po",
    "saya nak order", "saya nak", "saya mahu pesan", "saya mahu", "nak order", "nak pesan", "mahu pesan", "pesan", "tolong",
    "haluaisin tilata", "haluaisin", "tilaisin", "tilaan", "tilaus", "saisinko", "voisinko tilata", "ottaisin",
    "chcialbym zamowic", "chcialabym zamowic", "chce zamowic", "chcialbym", "chcialabym", "poprosze o", "poprosze", "prosze o",
    "prosze", "zamawiam", "zamowienie", "biore", "wezme",
)  # fmt: skip
AND = frozenset("and en at saka dan serta ja seka i oraz a plus".split())
# Before a price: of one, and of all.
EACH = frozenset("@ a each elk isa satu po à kpl/hinta per".split())
