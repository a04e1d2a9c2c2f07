"""What a crew says in an SMS: the code, the step and the reason, or no more than a proposal for the desk.

A step counts where every word of the reply is understood in its place. What is understood makes a string of kinds, one
letter a word (`reply_words`), and each step is one pattern over it; whatever fits none is for a person to read. The words for
reasons are the regency's, and stand with each reason in its registry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

from .registry import Reason
from .reply_codes import without_codes
from .reply_words import PHRASES, STOP, TAKEN, WORDS, forms, kind_of
from .texts import honest

Said = Literal["acknowledged", "en_route", "on_scene", "ready", "cleared", "unable"]

# Nobody is there, or done, so soon after the page: such a reply may answer something else.
TOO_SOON_S = 60
# Nobody of whom nothing was heard has been there and is done by then.
DONE_AFTER_S = 300
LONGEST = 1000
# Words beyond which nothing is read: no plain answer is so long.
MOST_WORDS = 40

STEP_KINDS: dict[str, Said] = {
    "K": "acknowledged",
    "U": "acknowledged",
    "G": "en_route",
    "A": "on_scene",
    "L": "on_scene",
    "J": "ready",
    "D": "cleared",
}
ORDER: tuple[Said, ...] = ("acknowledged", "en_route", "on_scene", "ready", "cleared")
STEP: dict[str, Said] = {word: step for kind, step in STEP_KINDS.items() for word in WORDS[kind].split()}
_DENYING = frozenset(word for kind in "NU" for word in WORDS[kind].split())
_GLUED = frozenset(STEP) | _DENYING
_ROAD = ("jalan", "jln")
# "Jalan rusak" may be a bad road, or a car that broke down on the way.
_OF_ROAD_OR_CAR = ("rusak", "rusk")
_ADDRESS = ("bapak", "ibu")
_CLOSE = ("merapat", "mrapat", "mendekat")
# By themselves these say neither yes nor what of.
_HALF_SAID = ("mau", "akan", "akn", "ikut", "dapat", "dpt", "mampu", "respon")
_ALL = ("semua", "smua", "semuanya", "all")
_PARTICLES = ("ya", "y", "iya")
_COME = ("datang", "dtg", "dateng")
_THEN = (
    *("sekarang", "skrg", "skrang", "skarang", "kini", "saat", "detik", "hari", "tadi"),
    *("pagi", "siang", "sore", "malam"),
)
_DRIVERS = ("sopir", "supir", "driver", "petugas")
# Who has none of these cannot come. "Tidak ada banjir", "tidak latihan" are good news, but for the pages' `7K2M TIDAK RUSAK`.
_LACKED = frozenset(
    (
        *("bbm", "bensin", "solar", "pertalite", "fuel", "minyak", "mesin", "ban", "aki"),
        *("petugas", "personil", "personel", "anggota", "sopir", "supir", "driver", "crew"),
    )
)
_HOW_MUCH = ("buruk", "lain", "besar", "deras", "lebat", "kencang", "tinggi", "parah", "total", "semua")
_USED_UP = frozenset(WORDS["z"].split())
# The steps that a misspelt word may be taken for, as a proposal: *sampah* is not *sampai*.
_EARLY = [word for word, step in STEP.items() if step in ("acknowledged", "en_route")]
_CLAUSE = re.compile(r"[,.;:!\n/]+")
_WORD = re.compile(r"[a-z0-9]+")

# -- what the kinds say together: one letter a word, a comma between clauses ----------------------------------------

_ASSENT = "[KnaSwYP,]*K[KnaSwYP,]*"
# To the incident; to a street or place by name; home is no such place.
_TO = "(?:T?P+|T?H|T?(?:i[iI]*[lvd#]|[iI]+v)[xlvdiI#E]*|T[lvd][xlvdiI#E]*|[vd]+)"
# "Otw 10 menit" says when they are there, "jalan 10 menit lagi" when they leave.
_SOON_THERE = "(?:,*[Es#MwY]*[Es][Es#Mw]*A[tT]?[PL]?|,+[Es#MwY]*[Es][Es#Mw]*|[E#wY]*E[E#w]*)"
_NOT_YET_THERE = "(?:,*S*B[ALD][tT]?[PL]?)"
# "Siap sudah di sana", "ok sudah aman" say more than an assent.
_NOT_THERE = "(?!.*Y[SVYw,]*(?:[tT]?[PH]|T|w))"
_WITH_WHOM = "(?:(?<![SV])[w&]*#[SV])"
# Who is "di Palangka", "di kantor", may be far away: that is a place of theirs and not the incident's.
_PLACE = "(?!t[xIm])[PTtiIkn](?:[PTtHiIkldvmn#E,]|(?<=[ikmI])O|(?<!n)x){0,12}"
_THERE = "(?:A(?:[tT]?[PLH]P?|t?[iI]*v[viI#]*)?|[ae]?LP?)"
_AND_DOING = "(?:[YwaSM]|&[OS#]+)*(?:,*[MSYw]*h+w*|,+w+)*,*K?"

# "Sms diterima sudah sampai" may speak of the SMS.
_ASSENT_FIRST = "(?:[Kna,]*K[Kna]*,+|[Ka,]*K[Ka]*)"

_SAYING: tuple[tuple[Said, str], ...] = (
    # They have begun, perhaps as they came: "sudah tiba, mulai pemadaman". "Siap mulai bertindak" may be an assent.
    ("ready", rf"(?:[KnaS,]*K[Kna]*,+)?[SVyYw]*(?:{_THERE}[S,Yw]*)?J[YwhS]*(?:,*t?[PHL])?,*w*"),
    # Where an assent stands before them, these need an *already* or a pause: "siap beres", "siap di lokasi".
    (
        "cleared",
        rf"(?:{_ASSENT_FIRST}(?=[Syw]*Y))?[SyYwh]*(?:D[YwhS]*,*)+(?:,*[SYMw]*G?b(?:T?m[xdlv]*)?w*)?,*w*",
    ),
    (
        "on_scene",
        rf"(?:[KnaS,]*K[Kna]*,+|[KaS,]*K[Ka]*(?=[SVyw]*Y|[SVw]*A))?(?!Lw)[SVyYwa]*{_THERE}{_AND_DOING}",
    ),
    (
        "en_route",
        # "Kami siap berangkat": ready to.
        rf"(?!.*SKG)(?:{_ASSENT})?[SVyYMw]*G(?:{_TO}|fm[xdlv]*|{_WITH_WHOM}|[GKYwSV,])*{_SOON_THERE}?{_NOT_YET_THERE}?",
    ),
    ("acknowledged", rf"{_NOT_THERE}[KSVynaYwPTHc,]*K(?:[KUSVynaYwPTHc,]|(?<=[Kac])h)*(?:,*{_PLACE})?"),
    # Who says that they will, or can, has read the page.
    ("acknowledged", rf"[KSynaw,]*[cU][cSwKah,]*(?:G+{_TO}?|T?[PH])?[Swa,]*"),
    ("acknowledged", r"[KSynaw,]*Gc[Sw]*"),
    ("acknowledged", rf"{_PLACE},K[KSVyaw,]*"),
    ("acknowledged", rf"{_ASSENT}S*B[GA]P?w*"),
)
_PATTERNS = tuple((step, re.compile(pattern)) for step, pattern in _SAYING)
_CANNOT = re.compile(
    # No, can't, is not there, or straight to the reason as the pages say it; what is missing may stand before it.
    r"(?:[SVMezjw,R]*R[SVMezjw,R]*(?=N[Ue])|[SV,]*(?=N[UeGS,])|(?=NR$))"
    r"NU?[Se]*[Gq]*(?:T?P)?(?:[SVMiIezRj,]|Ne|,N(?=[eR]))*"
)


class Reply(Struct, frozen=True, kw_only=True):
    """A reply as read: what may be codes, and the step said; unless `clear`, step and reason are a proposal only."""

    codes: tuple[str, ...] = ()
    status: Said | None = None
    reason: str = ""
    clear: bool = False


class Setting(Struct, frozen=True, kw_only=True):
    """What a reply may speak of: `reasons` by word, how its `crew` is called, the words of its `place` and `district`."""

    reasons: Mapping[str, str]
    crew: tuple[str, ...] = ()
    place: str = ""
    district: str = ""


def printable(text: str, most: int = LONGEST) -> str:
    """Anybody's text as the desk may show it, cut where it is longer."""
    shown = honest(text).strip()
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def words_of(reasons: Iterable[Reason]) -> dict[str, str]:
    """Which reason each word stands for."""
    return {word: reason.id for reason in reasons for word in reason.words}


def refused_words(reason: Reason, others: Iterable[Reason]) -> dict[str, tuple[str, dict[str, str]]]:
    """Why words of a reason cannot be taken, as codes of the registry's rules by field: `words[0]`."""
    known = words_of(each for each in others if each.id != reason.id)
    refused: dict[str, tuple[str, dict[str, str]]] = {}
    for number, word in enumerate(reason.words):
        if word in TAKEN:
            refused[f"words[{number}]"] = ("word_taken", {"word": word})
        elif word in known:
            refused[f"words[{number}]"] = ("word_of_another", {"word": word, "reason": known[word]})
        elif word in reason.words[:number]:
            refused[f"words[{number}]"] = ("word_twice", {"word": word})
    return refused


def parse(text: str, setting: Setting) -> Reply:
    """Read a reply; whatever text comes, there is an answer."""
    plain = _plain(text)
    codes, rest = without_codes(plain, _GLUED)
    words = _words(rest, setting)
    kinds = _kinds(words, setting)
    asking = "?" in plain or "Q" in kinds
    status, reason, clear = _cannot(
        words, setting, formal=bool(codes) or (rest.isupper() and len(rest.split()) == 2)
    )
    if status is None:
        said = None if asking else _said(_letters(kinds))
        status, clear = said or _guess(words, kinds), said is not None
    return Reply(
        codes=codes, status=status, reason=reason, clear=clear and not asking and len(text) <= LONGEST
    )


def settled(reply: Reply, since_page_s: float, before: str) -> bool:
    """Whether a reply is recorded without a person, so long after its page left and with its crew at that step.

    On scene, ready and cleared are asked about within a minute, and cleared for five of a crew that nobody knows on the way;
    what somebody at the scene cannot do, or lacks, in any case: it may be the pump, or others' crew.
    """
    if reply.status == "unable" and before in ("on_scene", "ready"):
        return False
    if reply.status == "cleared" and before in ("requested", "unanswered", "acknowledged"):
        return reply.clear and since_page_s >= DONE_AFTER_S
    return reply.clear and (
        reply.status not in ("on_scene", "ready", "cleared") or since_page_s >= TOO_SOON_S
    )


def _plain(text: str) -> str:
    # NFKC turns look-alikes of other alphabets' widths, bold letters of a keyboard app, into plain ones.
    return unicodedata.normalize("NFKC", honest(text))[:LONGEST]


def _words(text: str, setting: Setting) -> list[str]:
    """The words in their order, with a comma where a clause ends, and *kami* for what the crew is called."""
    folded = re.sub(r"[^\S\n]+", " ", text).lower()
    for name in sorted(setting.crew, key=len, reverse=True):
        called = " ".join(_WORD.findall(name.lower()))
        if called:
            # "Damkar 2" is another than "Damkar".
            folded = re.sub(rf"\b{re.escape(called)}\b(?! ?\d)", " kami ", folded)
    for pattern, word in PHRASES:
        folded = pattern.sub(word, folded)
    words: list[str] = []
    for part in _CLAUSE.split(folded):
        words += [*_WORD.findall(part), ","]
    return words


def _kinds(words: list[str], setting: Setting) -> list[str]:
    kinds = _by_themselves(words, setting)
    for index, word in enumerate(words):
        if word in _ROAD and _next(kinds, index) in tuple("xXlvdiIR"):
            kinds[index] = "i"
        elif word in _ROAD and index and kinds[index - 1] == "t":
            kinds[index - 1] = ""  # On the road.
    for index, word in enumerate(words):
        if _of_something_else(words, kinds, index):
            kinds[index] = "X"
        # "Sharelok ya" asks for it.
        if word in _PARTICLES and _before(kinds, index) not in ("", "K", ","):
            kinds[index] = ""
    meant = [(word, kind) for word, kind in zip(words, kinds, strict=True) if kind not in ("", ",", "S")]
    if len(meant) == 1 and meant[0][0] in _HALF_SAID:
        kinds[words.index(meant[0][0])] = "X"
    # "Bapak sudah di lokasi" speaks of somebody, or to them.
    if words and words[0] in _ADDRESS and _next(kinds, 0) in tuple("YGALD"):
        kinds[0] = "O"
    return kinds


def _by_themselves(words: list[str], setting: Setting) -> list[str]:
    """The kind of each word whatever stands beside it."""
    place, district = set(_WORD.findall(setting.place.lower())), set(_WORD.findall(setting.district.lower()))
    kinds = []
    for word in words:
        kind = "," if word == "," else kind_of(word)
        if kind in ("x", "X", "l") and word not in STOP:
            kind = "v" if word in place else "d" if word in district else kind
        if word in setting.reasons and kind in ("x", "X"):
            kind = "R"
        kinds.append(kind)
    return kinds


def _of_something_else(words: list[str], kinds: list[str], index: int) -> bool:
    """Whether a word that might be a step says something else where it stands."""
    word = words[index]
    return (
        # "Datang ke lokasi" asks somebody to come.
        (word in _COME and "Y" not in kinds[:index])
        # "Jalan 5 menit": before or after they leave, or on foot.
        or (word in _ROAD and kinds[index + 1 : index + 3] == ["#", "E"])
        # "Sampai sekarang aman": until now.
        or (kinds[index] == "A" and words[index + 1] in _THEN and "Y" not in kinds[:index])
        # "Tugas tadi selesai" is about another one.
        or (word == "tadi" and kinds[index - 1 : index] == ["h"])
        # "Sudah merapat lokasi" may be there.
        or (word in _CLOSE and "Y" in kinds[:index] and _next(kinds, index) in tuple("PLH"))
        # "Semua unit merapat" calls others.
        or (word in _ALL and _next(kinds, index) in tuple("SVGA"))
    )


def _next(kinds: list[str], index: int) -> str:
    return next((kind for kind in kinds[index + 1 :] if kind), "")


def _before(kinds: list[str], index: int) -> str:
    return next((kind for kind in reversed(kinds[:index]) if kind), "")


def _letters(kinds: list[str]) -> str:
    return re.sub(",+", ",", "".join(kinds)).strip(",")


def _said(letters: str) -> Said | None:
    if not letters or len(letters) > MOST_WORDS:
        return None
    # How things are at the scene says nothing beside an arrival or an end, and much beside an assent: "siap, kondusif".
    there = letters.replace("W", "w")
    return next(
        (
            step
            for step, pattern in _PATTERNS
            if pattern.fullmatch(there if step in ("on_scene", "cleared") else letters)
        ),
        None,
    )


def _cannot(words: list[str], setting: Setting, *, formal: bool) -> tuple[Said | None, str, bool]:
    """(unable or None, reason, whether it is beyond doubt): a crew that says no, or what it lacks."""
    kinds, found = list[str](), list[tuple[str, str]]()
    for index, word in enumerate(words):
        after = words[index + 1] if index + 1 < len(words) else ""
        kind = "," if word == "," else kind_of(word)
        if word in _ROAD and after in setting.reasons:
            kind = "!" if after in _OF_ROAD_OR_CAR else "V"
        elif reason := next((setting.reasons[each] for each in forms(word) if each in setting.reasons), ""):
            # "Sopir sakit": who it is, and what is the matter.
            who = kind == "S" or word.removesuffix("nya") in _DRIVERS
            if not who or setting.reasons.get(after, reason) == reason:
                found.append((word, reason))
            kind = "R"
        elif (word == "terlalu" and after in setting.reasons) or (
            word in _HOW_MUCH and kinds[-1:] == ["R"] and (word != "lain" or words[index - 1] not in _LACKED)
        ):
            kind = ""
        elif word in _USED_UP:
            kind = "z"
        kinds.append("i" if kind == "t" else kind)
    if words[0] in _ADDRESS and kinds[1:2] == ["R"]:
        kinds[0] = "O"
    said_no = any(kind == "N" for kind in kinds)
    if not said_no and (not found or set(kinds) & STEP_KINDS.keys()):
        return None, "", False
    reasons = list(dict.fromkeys(reason for _, reason in found))
    letters = _letters(kinds)
    clear = len(reasons) == 1 and len(letters) <= MOST_WORDS and _CANNOT.fullmatch(letters) is not None
    if (
        "U" not in kinds
        and (not formal or "e" in kinds)
        and not _LACKED.issuperset(word for word, _ in found)
    ):
        clear = False
    return "unable", reasons[0] if reasons else "", clear


def _guess(words: list[str], kinds: list[str]) -> Said | None:
    """The step that a reply may mean, for a person to accept; none where it may mean a step further than is true."""
    said, denied, nearly = list[Said](), list[Said](), False
    for kind in kinds:
        if kind in ("O", "C"):
            break  # What follows is another's, or not so yet.
        if kind in ("B", "c", "s", "E", ","):
            nearly = kind != ","
        elif kind in STEP_KINDS:
            (denied if nearly else said).append(STEP_KINDS[kind])
    if "X" in kinds or "x" in kinds:
        said = [step for step in said if step in ("acknowledged", "en_route")]
    if said:
        return said[-1]
    if denied:
        # Who says that they are not there yet, or soon will be, is at the step before.
        return ORDER[max(0, max(map(ORDER.index, denied)) - 1)]
    for word, kind in zip(words, kinds, strict=True):
        close = (
            get_close_matches(word, _EARLY, n=1, cutoff=0.75) if len(word) > 3 and kind in ("x", "X") else []
        )
        if close:
            return STEP[close[0]]
    return None
