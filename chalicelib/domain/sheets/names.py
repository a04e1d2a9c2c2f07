"""Names of people as agencies write them: titles, ranks, one word, apostrophes; what is alike is proposed, never decided."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

# Before a name: ranks of police, forces and pamong praja, academic and religious titles, forms of address.
_BEFORE = frozenset(
    [
        "h",
        "hj",
        "hi",
        "kh",
        "ust",
        "ustadz",
        "ustadzah",
        "drs",
        "dra",
        "dr",
        "drg",
        "drh",
        "ir",
        "prof",
        "apt",
        "ns",
        "sdr",
        "sdri",
        "bpk",
        "bapak",
        "bp",
        "pak",
        "ibu",
        "bu",
        "tn",
        "ny",
        "nn",
        "mr",
        "mrs",
        "bharada",
        "bharatu",
        "bharaka",
        "bripda",
        "briptu",
        "brigpol",
        "brigadir",
        "bripka",
        "aipda",
        "aiptu",
        "ipda",
        "iptu",
        "akp",
        "kompol",
        "akbp",
        "kombes",
        "prada",
        "pratu",
        "praka",
        "kopda",
        "koptu",
        "kopka",
        "serda",
        "sertu",
        "serka",
        "serma",
        "pelda",
        "peltu",
        "letda",
        "lettu",
        "kapten",
        "mayor",
        "letkol",
        "kolonel",
        "kptn",
    ]
)
# Words that stand for one another.
_SAME = {
    **dict.fromkeys(
        ("m", "md", "mhd", "moh", "mohd", "mohamad", "mohammad", "muh", "muhamad", "mochamad", "moch"),
        "muhammad",
    ),
    **dict.fromkeys(("abd", "abdl"), "abdul"),
    **dict.fromkeys(("achmad", "akhmad", "ahmat"), "ahmad"),
    **dict.fromkeys(("st", "sitti"), "siti"),
}
_QUOTES = re.compile(r"['’‘ʼ`´\"“”]")
# What stands behind a name without a comma: S.Kom, A.Md.Kep, M.Si, SH, MM.
_DEGREE = re.compile(
    r"sp\.?[a-z]{1,4}\.?|(?:s|a|m|d)\.?(?:kom|sos|kep|keb|pd|si|ip|ap|ak|hut|ag|ti|st|tr|psi|farm|gz|km|kes|ked|p|t|h|e|ma|md|m)\.?"
    r"(?:\.?(?:kep|keb|kom|kes|ak|t|si|par|pd|p))*\.?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"[A-Za-z]{1,3}\.[A-Za-z]")
ALIKE = 0.88


@lru_cache(maxsize=16384)
def core(name: str) -> tuple[str, ...]:
    """The words by which a name is compared: without titles, degrees, case, accents and quotation marks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    bare = _QUOTES.sub("", bare).partition(",")[0]
    words = [each for each in re.split(r"[\s/]+", bare.strip()) if each]
    while len(words) > 1 and _title(words[0]):
        words = words[1:]
    while len(words) > 1 and _degree(words[-1]):
        words = words[:-1]
    found = [part for word in words for part in re.split(r"[\W_]+", word.casefold()) if part]
    return tuple(found)


def _title(word: str) -> bool:
    parts = [each for each in re.split(r"[.\W]+", word.casefold()) if each]
    return bool(parts) and all(each in _BEFORE for each in parts)


def _degree(word: str) -> bool:
    if not _DEGREE.fullmatch(word):
        return False
    # SITI and Ema are names; S.Kom, SH and MM are not.
    return bool(_DOTTED.match(word)) or (word.isupper() and len(word) <= 3)


def is_degree(text: str) -> bool:
    """Whether a text is what stands behind a name, such as S.Kom or A.Md.Kep."""
    words = text.split()
    return bool(words) and all(_degree(each) for each in words)


def initials(words: tuple[str, ...]) -> str:
    """The first letters of a name's words."""
    return "".join(each[0] for each in words)


def overlap(one: str, other: str) -> bool:
    """Whether names with these initials may be alike at all, which is much sooner said than whether they are."""
    short, long = sorted((one, other), key=len)
    return bool(short) and all(each in long for each in short)


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: an initial, a short form, a slip, a name less."""
    a, b = core(one), core(other)
    if not a or not b or a == b:
        return bool(a) and a == b
    if len(a) == len(b) and all(_may_be(x, y) for x, y in zip(a, b, strict=True)):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) >= 2 and all(any(_may_be(x, y) for y in long) for x in short):
        return True
    if any(len(word) == 1 for word in (*a, *b)):
        return False
    joined = " ".join(a), " ".join(b)
    matcher = SequenceMatcher(None, *joined)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _may_be(one: str, other: str) -> bool:
    if one == other or _SAME.get(one, one) == _SAME.get(other, other):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)
