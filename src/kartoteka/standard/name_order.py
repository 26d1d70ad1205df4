"""Which words of a person's name are given names and which the family name, whatever order they were typed in."""

from kartoteka.standard.letters import fold
from kartoteka.standard.lore import leaning
from kartoteka.standard.name_words import BINDERS, OPENERS, PARTICLES, PATRONYMS, SHORT_PATRONYMS, SHY

_CHINESE_WORLD = frozenset("MY SG CN TW HK PH ID BN".split())
_FAMILY_FIRST = frozenset("CN TW HK VN KR HU".split())
_MALAY_WORLD = frozenset("MY SG BN ID".split())
_TWO_SURNAMES = frozenset("ES MX AR CO CL PE VE EC".split())
_JOINED_SURNAMES = frozenset("PL FI PT BR".split())
MALAY_DOUBLES = frozenset(
    "siti nur nurul noor nor muhammad mohd mohamad mohammad muhamad mohammed abdul abd wan nik syed sharifah tengku tunku che megat puteri".split()
)
_CHINESE_SURNAMES = frozenset(
    """tan lim lee ng wong chan ong goh chua teo ang koh tay low ho yap chong cheong foo fong heng khoo kok kwan lai lam lau leong leow liew lin ling liu loh loke lum
    mah mak mok neo ooi pang pek phua poh poon quah quek saw seah see seow sia sim siow soh soo tang teh teoh tey thong tiong toh tong wee woo yam yang yee yeo yeoh yew
    yip yong yuen zhang wang li chen zhao huang zhou wu xu sun ma zhu hu guo he gao luo zheng liang xie song deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu
    du ye cheng wei su lu ding ren shen yao cui fan fang shi zhong chow cheah chew chia chiam chin ching chiu choo choong chu chye eng fung gan goon hew hong hooi hor hui kam kang
    kee khaw kho khor kong koay kuan kueh kum law lew lo looi lui ngai ngan ou oung pua shum siew sng soon sung tham tsang tse tsui wan yan yau au boey beh bong chai chang chee chiang
    sy uy yu co go dy que kua lao lua""".split()
)
_SYLLABLES = frozenset(
    """ah ai an ang aun bao bee beng bin bing bo boon chai chan chang chao chau chee chen cheng cheok chew chi chia chiang chiew chin ching chiu cho chok chong choo chook choon choong chow chu
    chuan chui chun chung chye dan de dong ean eng ern fa fai fan fang fat fatt fei feng fong foo fook foong fu fui fung gaik gan gang ge geok gim git goh gong guan guang gui guo ha hai han hang hao
    he hee heng heong her hiang hin ho hoay hock hoe hoi hon hong hoo hooi hor hou hoy hsien hua huan huang huat hui hun hung huey hwa hwee hye jia jian jiang jie jin jing jit jiun joo joon ju juan jun ka
    kah kai kam kan kang kar kat kay keat kee keen keng keong ket keung kew khai khay khee kheng khim khong khoon khuan kian kiang kiat kien kim kin king kiong kit kiu ko koh koi kok kong koo koon
    kow kuan kuang kuen kui kum kun kung kuo kwai kwan kwang kwee kwok kwong lai lam lan lang lay le lee lei leng leong li lian liang lih lik lim lin ling lip liu loi lok long loon loong lu lum lun
    lung ma man mei men meng mi miao min ming miu mo mok moi mong mooi moon moy mui mun na nam nee nga ngai ngan ngee ngoh ni nian ning ong pak pei peng phaik phang phin ping piow po poay poh pooi
    poon pu pui qi qian qiang qiao qin qing qiu rong rou ru rui run sai sam san sang sau saw seah see seng seok seong sew sha shan shao she shen sheng shi shih shin shu shuang shui shun shyan si siah
    sian siang sien siew siew sik sim sin sing siok siong siow siu soh sok son song soo sook soon su suan sui suk sum sun sung swee sze szu ta tai tak tan tang tao tat teck tee teik teng teong thai
    tham thau thian thiam thong thye tian tiam tiang tien tim tin ting tiong toh tong too tse tsui tuan tuck tung tze wa wah wai wan wang wee wei wen weng win wing wong woon xi xia xian xiang xiao xin
    xing xiong xiu xu xuan xue ya yan yang yao ye yean yee yen yeng yeok yeong yew yi yik yin ying yip yit yiu yoke yong yook yoon you yu yuan yue yuen yuet yuk yun yung yut ze zen zhang zhao zhe zhen
    zheng zhi zhong zhou zhu zhuang zi zong zu zuo""".split()
)

# of the surnames these are oftener a part of the given name: "Wei Ming Tan"
_OFTENER_GIVEN = frozenset(
    "wei jian xiao hui kim hong hooi ching choo choon eng fang fung jiang kok kwan kuan kum kam kang kong ling liang mui su shi siew sin soon song wan"
    " yan yee yuan yuen zhong ye yu kar kah sze chin chai boon seng ming mei jun xin yi ying ken".split()
)

Split = tuple[list[str], list[str], str]  # given words, family words with their particle, the particle


def in_order(words: list[str], country: str, languages: tuple[str, ...]) -> Split:
    """Split the words of one person's name (no title, suffix or comma left in it)."""
    keys = [fold(word) for word in words]
    marked = _patronymic(words, keys, country, languages)
    if marked:
        return marked
    if len(words) == 1:
        return (words, [], "") if leaning(keys[0], languages) >= 0 else ([], words, "")
    tied = _with_particle(words, keys, country, languages)
    if tied:
        return tied
    shouted = _in_capitals(words, keys)
    if shouted:
        return shouted
    chinese = _chinese(words, keys, country, languages)
    if chinese:
        return chinese
    if country in _MALAY_WORLD and len(words) == 2 and keys[0] in MALAY_DOUBLES:
        return words, [], ""
    return _by_knowledge(words, keys, country, languages)


def family_with_particle(words: list[str]) -> tuple[list[str], str]:
    """A family name known as such (before a comma): its words, its particle."""
    mark = PATRONYMS.get(words[0].lower().rstrip(".")) if len(words) > 1 else None
    if mark:
        return [mark[0], *words[1:]], mark[0]
    last = 0
    while last < len(words) - 1 and words[last].lower() in PARTICLES:
        last += 1
    return words, " ".join(words[:last])


def reads_family_first(
    words: list[str], family: list[str], given: list[str], country: str, languages: tuple[str, ...]
) -> bool:
    """Whether the bearer's own order, as typed, has the family name before (some of) the given names: "Tan Wei Ming"."""
    if words[-1] == family[-1]:
        return False
    if country in _FAMILY_FIRST or languages[:1] == ("zh",):
        return True
    tail = [part for word in given[1:] for part in fold(word).split()] or [
        part for word in given for part in fold(word).split()
    ]
    return (
        fold(family[0]) in _CHINESE_SURNAMES
        and all(part in _SYLLABLES for part in tail)
        and (country in _CHINESE_WORLD or not country)
    )


def _patronymic(words: list[str], keys: list[str], country: str, languages: tuple[str, ...]) -> Split | None:
    """Names with a father's name: "Siti binti Tarudin", "Muthu a/l Raman"."""
    for at in range(len(words) - 1):
        low = words[at].lower().rstrip(".")
        mark = PATRONYMS.get(low)
        if mark is None or (
            low in SHORT_PATRONYMS and country not in _MALAY_WORLD and languages[:1] != ("ms",)
        ):
            continue
        if low in SHORT_PATRONYMS and at == 0:
            continue
        return words[:at], [mark[0], *words[at + 1 :]], mark[0]
    return None


def _with_particle(
    words: list[str], keys: list[str], country: str, languages: tuple[str, ...]
) -> Split | None:
    """Names whose family name opens with a particle or a word like San, St.: "Johannes van der Merwe", "dela Cruz Juan"."""
    for at, word in enumerate(words[:-1]):
        low = word.lower()
        end = at
        while end < len(words) - 1 and words[end].lower() in PARTICLES and (end > at or low in OPENERS):
            end += 1
        bound = keys[end] in BINDERS and end < len(words) - 1
        if end == at and not bound:
            continue
        if (
            at == 0
            and end == 1
            and (low in SHY or (low == "van" and country == "VN"))
            and leaning(keys[1], languages) >= 0
        ):
            continue
        if country == "VN" and low in ("le", "van", "do", "la"):
            continue
        if end == at and bound:
            if keys[at] in ("jansen", "janse", "jansz") and words[at + 1].lower() != "van":
                continue
            if keys[at] in ("san", "santa", "santo") and at == 0 and len(words) == 2:
                return [], words, ""
            last = at + 2
            while last < len(words) and words[last - 1].lower() in PARTICLES:
                last += 1
        else:
            last = end + (2 if bound else 1)
        particle = " ".join(one.lower() for one in words[at:end])
        family = [*(one.lower() for one in words[at:end]), *words[end:last]]
        if at == 0:
            return words[last:], family, particle
        rest = words[last:]
        if not rest:
            return words[:at], family, particle
        if country in ("PH", "US", "GB"):  # there the mother's name stands between: "Juan dela Cruz Santos"
            return words[:last], rest, ""
        if (
            all(leaning(key, languages) > 0.5 or len(key) == 1 for key in keys[last:])
            and leaning(keys[0], languages) < 0
        ):
            return rest, words[:at] + family, particle
        return words[:at], family + rest, particle
    return None


def _in_capitals(words: list[str], keys: list[str]) -> Split | None:
    """Where only the family name is typed in capitals: "KOWALSKI Jan", "Jan Maria KOWALSKI"."""
    large = [word.isupper() and len(key) > 2 for word, key in zip(words, keys, strict=True)]
    if not any(large) or all(large):
        return None
    if (
        any(word.isupper() and len(key) <= 2 for word, key in zip(words, keys, strict=True))
        and sum(large) > 1
    ):
        return None
    first, last = large.index(True), len(large) - 1 - large[::-1].index(True)
    if not all(large[first : last + 1]) or (first > 0 and last < len(words) - 1):
        return None
    if not any(map(_has_vowel, keys[first : last + 1])):
        return None
    return words[:first] + words[last + 1 :], words[first : last + 1], ""


def _has_vowel(key: str) -> bool:
    return any(letter in "aeiouy" for letter in key)


def chinese_order(words: list[str], country: str, languages: tuple[str, ...]) -> Split | None:
    """Given names and family name of a full Chinese name of three words or more, None if the words are none."""
    return _chinese(words, [fold(word) for word in words], country, languages) if len(words) > 2 else None


def _chinese(words: list[str], keys: list[str], country: str, languages: tuple[str, ...]) -> Split | None:
    """Chinese order: "Tan Wei Ming", "Michelle Tan Wei Ling"; also Vietnamese, Korean and Hungarian, family first."""
    flat = [part for key in keys for part in key.split()]
    first = keys[0] in _CHINESE_SURNAMES
    if (
        keys[0] in _OFTENER_GIVEN
        and keys[-1] in _CHINESE_SURNAMES - _OFTENER_GIVEN
        and country not in _FAMILY_FIRST
    ):
        return words[:-1], words[-1:], ""
    if first and len(flat) > 2 and all(part in _SYLLABLES for part in flat[1:]):
        if keys[-1] in _CHINESE_SURNAMES and keys[-1] not in _SYLLABLES and not country:
            return None
        return words[1:], words[:1], ""
    if (
        country in _FAMILY_FIRST
        and (first or leaning(keys[0], languages) <= 0)
        and leaning(keys[-1], languages) > -2
    ):
        return words[1:], words[:1], ""
    if country not in _CHINESE_WORLD and languages[:1] != ("zh",):
        return None
    if (
        country != "PH"
        and first
        and len(flat) == 2
        and keys[1] in _SYLLABLES
        and keys[1] not in _CHINESE_SURNAMES
    ):
        return words[1:], words[:1], ""
    if country != "PH" and first and len(words) > 2 and keys[-1] not in _CHINESE_SURNAMES:
        return words[1:], words[:1], ""
    for at in range(1, len(words) - 1):
        if (
            keys[at] in _CHINESE_SURNAMES
            and leaning(keys[0], languages) > 0
            and all(part in _SYLLABLES for key in keys[at + 1 :] for part in key.split())
        ):
            return words[:at] + words[at + 1 :], [words[at]], ""
    return None


def _by_knowledge(words: list[str], keys: list[str], country: str, languages: tuple[str, ...]) -> Split:
    """Family last, unless what is known of the words says that it stands first."""
    lean = [
        1.0 if _is_initial(word, key) else leaning(key, languages)
        for word, key in zip(words, keys, strict=True)
    ]
    if _family_first(lean, country):
        count = 1
        joined = country in _JOINED_SURNAMES or country in _TWO_SURNAMES
        while joined and count < len(words) - 1 and lean[count] <= -1.5:
            count += 1
        return words[count:], words[:count], ""
    start = len(words) - 1
    if (
        country in _TWO_SURNAMES
        and len(words) > 2
        and lean[start - 1] <= 0.5
        and keys[start - 1] not in ("y", "e")
    ):
        start -= 1
    elif country in _JOINED_SURNAMES or (not country and languages[:1] == ("pl",)):
        while start > 1 and lean[start - 1] <= -1.5 and lean[start] < 0:
            start -= 1
    if len(words) > 3 and keys[start - 1] == "y":
        start -= 2
    return words[:start], words[start:], ""


def _family_first(lean: list[float], country: str) -> bool:
    first, last = lean[0], lean[-1]
    needed = 2.5 if first == 0 and country in ("GB", "US", "ZA", "PH", "IE", "AU") and last < 2 else 1.0
    if last - first >= needed and first <= 0.5:
        return True
    return len(lean) > 2 and first <= -1.5 and lean[1] >= 1.0 and last > -3


def _is_initial(word: str, key: str) -> bool:
    bare = word.replace(".", "").replace("-", "")
    return len(bare) == 1 or (
        len(bare) <= 3 and bare.isupper() and (word != bare or not _has_vowel(key) or len(bare) == 2)
    )
