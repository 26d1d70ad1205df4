"""Names of invented people in six languages, with the short forms their friends use."""

from __future__ import annotations

# given names: (sex, full name, short forms)
GIVEN: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "en": [
        ("m", "William", ("Bill", "Will", "Billy")), ("m", "Robert", ("Bob", "Rob")), ("m", "James", ("Jim", "Jimmy")),
        ("m", "Michael", ("Mike", "Mick")), ("m", "Thomas", ("Tom",)), ("m", "Richard", ("Dick", "Rick")),
        ("m", "Andrew", ("Andy",)), ("m", "Edward", ("Ted", "Eddie")), ("m", "Daniel", ("Dan",)), ("m", "Oliver", ("Ollie",)),
        ("m", "Samuel", ("Sam",)), ("m", "George", ()), ("m", "Harry", ()), ("m", "Callum", ()), ("m", "Nigel", ()),
        ("f", "Elizabeth", ("Liz", "Beth", "Betty")), ("f", "Margaret", ("Maggie", "Peggy")), ("f", "Katherine", ("Kate", "Kathy")),
        ("f", "Jennifer", ("Jen", "Jenny")), ("f", "Susan", ("Sue",)), ("f", "Victoria", ("Vicky",)), ("f", "Rebecca", ("Becky",)),
        ("f", "Charlotte", ("Lottie",)), ("f", "Emily", ()), ("f", "Amelia", ("Millie",)), ("f", "Sophie", ()), ("f", "Heather", ()),
        ("f", "Patricia", ("Pat", "Trish")), ("f", "Deborah", ("Debbie",)), ("f", "Imogen", ()),
    ],
    "af": [
        ("m", "Johannes", ("Jannie", "Hannes", "Johan")), ("m", "Jacobus", ("Kobus", "Koos")), ("m", "Petrus", ("Piet",)),
        ("m", "Hendrik", ("Hennie",)), ("m", "Gerhardus", ("Gert", "Gerhard")), ("m", "Francois", ()), ("m", "Stephanus", ("Fanie",)),
        ("m", "Willem", ()), ("m", "Andries", ("Dries",)), ("m", "Marthinus", ("Tinus",)), ("m", "Riaan", ()), ("m", "Deon", ()),
        ("m", "Christiaan", ("Chris",)), ("m", "Nicolaas", ("Nico", "Klaas")),
        ("f", "Elizabeth", ("Elsabe", "Bettie")), ("f", "Johanna", ("Hanna",)), ("f", "Magdalena", ("Magda", "Lena")),
        ("f", "Aletta", ("Lettie",)), ("f", "Susanna", ("Sanna",)), ("f", "Hester", ()), ("f", "Anneke", ()), ("f", "Marelize", ()),
        ("f", "Chantelle", ()), ("f", "Maria", ("Ria",)), ("f", "Cornelia", ("Corne", "Nelia")), ("f", "Elmarie", ()),
    ],
    "fil": [
        ("m", "Jose", ("Pepe",)), ("m", "Juan", ()), ("m", "Antonio", ("Tony",)), ("m", "Ramon", ("Mon",)), ("m", "Eduardo", ("Ed",)),
        ("m", "Roberto", ("Bobby",)), ("m", "Francisco", ("Kiko",)), ("m", "Jericho", ("Jec",)), ("m", "Rodel", ()), ("m", "Arnel", ()),
        ("m", "Reynaldo", ("Rey",)), ("m", "Angelo", ()), ("m", "Mark Anthony", ()), ("m", "John Paul", ()),
        ("f", "Maria Cristina", ("Cristy",)), ("f", "Rosario", ("Charo",)), ("f", "Teresita", ("Tess",)), ("f", "Corazon", ("Cory",)),
        ("f", "Maricel", ()), ("f", "Jocelyn", ("Joy",)), ("f", "Mary Grace", ()), ("f", "Angelica", ("Angge",)), ("f", "Rowena", ()),
        ("f", "Lourdes", ("Lulu",)), ("f", "Analyn", ()), ("f", "Princess", ()), ("f", "Concepcion", ("Connie",)),
    ],
    "ms": [
        ("m", "Muhammad Hafiz", ("Hafiz",)), ("m", "Ahmad Faizal", ("Faizal",)), ("m", "Mohd Azlan", ("Azlan",)), ("m", "Zulkifli", ("Zul",)),
        ("m", "Ismail", ()), ("m", "Rosli", ()), ("m", "Shahrul", ()), ("m", "Khairul", ()), ("m", "Amirul", ()), ("m", "Wei Ming", ()),
        ("m", "Ravi", ()), ("m", "Chee Keong", ()), ("m", "Suresh", ()),
        ("f", "Siti Nurhaliza", ("Nurhaliza", "Siti")), ("f", "Nur Aisyah", ("Aisyah",)), ("f", "Norhayati", ("Yati",)), ("f", "Farah", ()),
        ("f", "Zainab", ()), ("f", "Rohana", ()), ("f", "Noraini", ("Ani",)), ("f", "Mei Ling", ()), ("f", "Priya", ()), ("f", "Hui Min", ()),
        ("f", "Faridah", ()), ("f", "Suhaila", ()),
    ],
    "fi": [
        ("m", "Juhani", ("Jussi",)), ("m", "Mikko", ()), ("m", "Antti", ()), ("m", "Matti", ()), ("m", "Heikki", ()), ("m", "Jukka", ()),
        ("m", "Veli-Matti", ()), ("m", "Sakari", ("Saku",)), ("m", "Tapio", ()), ("m", "Aleksi", ()), ("m", "Ville", ()), ("m", "Eetu", ()),
        ("m", "Risto", ()), ("m", "Jyrki", ()),
        ("f", "Katariina", ("Kati", "Katri")), ("f", "Päivi", ()), ("f", "Anneli", ()), ("f", "Hanna-Leena", ()), ("f", "Johanna", ("Hanna",)),
        ("f", "Sanna", ()), ("f", "Tuulikki", ()), ("f", "Aino", ()), ("f", "Elina", ("Elli",)), ("f", "Kirsi", ()), ("f", "Riitta", ()),
        ("f", "Marjatta", ("Marja",)), ("f", "Pirjo", ()),
    ],
    "pl": [
        ("m", "Stanisław", ("Staszek", "Stach")), ("m", "Krzysztof", ("Krzysiek",)), ("m", "Jan", ("Janek", "Jasiek")), ("m", "Andrzej", ("Jędrek",)),
        ("m", "Tomasz", ("Tomek",)), ("m", "Paweł", ()), ("m", "Michał", ()), ("m", "Grzegorz", ("Grzesiek",)), ("m", "Józef", ("Józek",)),
        ("m", "Łukasz", ()), ("m", "Jakub", ("Kuba",)), ("m", "Wojciech", ("Wojtek",)), ("m", "Zbigniew", ("Zbyszek",)), ("m", "Aleksander", ("Olek",)),
        ("f", "Katarzyna", ("Kasia", "Kaśka")), ("f", "Małgorzata", ("Gosia", "Małgosia")), ("f", "Anna", ("Ania", "Anka")), ("f", "Agnieszka", ("Aga",)),
        ("f", "Barbara", ("Basia",)), ("f", "Joanna", ("Asia",)), ("f", "Magdalena", ("Magda",)), ("f", "Zofia", ("Zosia",)), ("f", "Ewa", ()),
        ("f", "Elżbieta", ("Ela",)), ("f", "Aleksandra", ("Ola",)), ("f", "Jadwiga", ("Jadzia",)), ("f", "Wioletta", ()), ("f", "Krystyna", ("Krysia",)),
    ],
}  # fmt: skip

FAMILY: dict[str, list[str]] = {
    "en": "Smith Jones Taylor Brown Wilson Evans Thomas Johnson Roberts Walker Wright Robinson Thompson White Hughes Edwards Green "
    "Hall Wood Harris Clark Patel Jackson Lewis Khan Ashworth Pemberton Hathersage Winterbourne Oldroyd Fairclough Greenhalgh O'Brien "
    "McAllister O'Sullivan Begum Hussain Whitfield Thackeray Braithwaite".split(),
    "af": ["Botha", "van der Merwe", "Pretorius", "Nel", "van Wyk", "du Plessis", "Venter", "Coetzee", "Fourie", "Steyn", "van Niekerk",
           "Kruger", "Jacobs", "du Toit", "van Zyl", "Swanepoel", "Le Roux", "de Villiers", "Vermeulen", "van den Berg", "Oosthuizen",
           "Labuschagne", "Joubert", "Engelbrecht", "Bezuidenhout", "Lombard", "Snyman", "van Rensburg", "Grobler", "Strydom"],
    "fil": ["Santos", "Reyes", "Cruz", "Bautista", "Ocampo", "Garcia", "Mendoza", "dela Cruz", "Villanueva", "Ramos", "Aquino", "de Leon",
            "Castillo", "Rivera", "Flores", "Macaraeg", "Dimaculangan", "Pangilinan", "Magbanua", "Catacutan", "de los Santos", "Salonga",
            "San Jose", "Manalo", "Lacson", "Tolentino", "Gatdula", "Evangelista"],
    "ms": ["bin Abdullah", "bin Ismail", "bin Hassan", "bin Osman", "bin Razak", "bin Yusof", "bin Ibrahim", "bin Salleh", "Tan", "Lim",
           "Lee", "Wong", "Ng", "Chong", "a/l Subramaniam", "a/l Muthusamy", "a/l Krishnan", "bin Jaafar", "bin Kassim", "bin Othman", "Goh", "Teoh"],
    "fi": "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Saarinen Salminen Niemi "
    "Heinonen Salonen Turunen Kärkkäinen Rantanen Jokinen Väisänen Pöyhönen Ylä-Outinen Kettunen Huttunen Lappalainen Tikkanen".split(),
    "pl": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski "
    "Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Majewski Olszewski Stępień "
    "Brzęczyszczykiewicz Dziedzic Świątek Gąsior Chrzanowski Pszczółkowski Rogowski Tchórzewski Żurawski".split(),
}  # fmt: skip

BEGIN = (
    "Bal Kar Mor Tel Win Har Sten Fal Dor Gol Bren Cas Lin Mar Ros Vil Tor Sal Pen Hol Wal Gar Nor Lam Kor Dal "
    "Wil Zar Bor Kal Pel Ras Sob Tar Wol Zal Bar Cel Der Fer Gan Hel Jan Lab Mal Nal Os Pol Rad Sil Tom Ul Wer Zim"
).split()
END: dict[str, list[str]] = {
    "en": "ton ley ford worth by ham well more field wick stone croft dale mond".split(),
    "af": "man berg stra huizen veld kamp dijk horst laar hof stad meyer".split(),
    "fil": "ano eres illa osa antes ayo uena acion ubal ingan atong".split(),
    "ms": "uddin rahim aman iah azmi ullah ani asan udin".split(),
    "fi": "nen la kka niemi lahti järvi salo koski mäki vaara aho".split(),
    "pl": "owski ewicz czak ak icki ński czyk ała iński ura arz".split(),
}

CITIES: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("London", "SW"),
        ("Leeds", "LS"),
        ("Bristol", "BS"),
        ("York", "YO"),
        ("Norwich", "NR"),
        ("Sheffield", "S"),
    ],
    "af": [
        ("Pretoria", "00"),
        ("Bloemfontein", "93"),
        ("Stellenbosch", "76"),
        ("George", "65"),
        ("Paarl", "75"),
    ],
    "fil": [
        ("Quezon City", "11"),
        ("Makati", "12"),
        ("Cebu City", "60"),
        ("Davao City", "80"),
        ("Iloilo City", "50"),
    ],
    "ms": [
        ("Kuala Lumpur", "50"),
        ("Shah Alam", "40"),
        ("Johor Bahru", "80"),
        ("Ipoh", "30"),
        ("Georgetown", "10"),
    ],
    "fi": [
        ("Helsinki", "00"),
        ("Tampere", "33"),
        ("Turku", "20"),
        ("Oulu", "90"),
        ("Jyväskylä", "40"),
        ("Espoo", "02"),
    ],
    "pl": [
        ("Warszawa", "00"),
        ("Kraków", "30"),
        ("Łódź", "90"),
        ("Wrocław", "50"),
        ("Gdańsk", "80"),
        ("Lublin", "20"),
    ],
}

STREETS: dict[str, list[str]] = {
    "en": ["High Street", "Church Lane", "Station Road", "Mill Lane", "Park Avenue", "Victoria Road", "Kings Drive", "Abbey Close"],
    "af": ["Kerkstraat", "Voortrekkerweg", "Langstraat", "Eikelaan", "Parkstraat", "Bergweg", "Hoofstraat", "Protealaan"],
    "fil": ["Rizal Street", "Mabini Street", "Bonifacio Avenue", "Luna Street", "Quezon Avenue", "Sampaguita Street", "Del Pilar Street"],
    "ms": ["Jalan Ampang", "Jalan Merdeka", "Lorong Melati", "Jalan Sultan", "Jalan Kenanga", "Jalan Bukit", "Jalan Cempaka"],
    "fi": ["Mannerheimintie", "Kauppakatu", "Koulukatu", "Rantatie", "Hämeenkatu", "Asemakatu", "Puistokatu", "Kirkkokatu"],
    "pl": ["Polna", "Leśna", "Słoneczna", "Krótka", "Szkolna", "Ogrodowa", "Lipowa", "Mickiewicza", "Kościuszki", "Brzozowa"],
}  # fmt: skip

COUNTRY = {"en": "GB", "af": "ZA", "fil": "PH", "ms": "MY", "fi": "FI", "pl": "PL"}
