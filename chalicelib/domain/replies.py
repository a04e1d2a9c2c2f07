"""What a crew says in an SMS: the code, the step and the reason, or no more than a proposal for the desk.

The words for steps are the language's; those for reasons are the regency's, and stand with each reason in its registry.

Only what cannot be read otherwise counts as said. A question, a request, a negation that hits nothing, two reasons, a
long text: all these leave a proposal that a person accepts. The furthest forward of several clear steps is taken:
"siap pak meluncur" says that they are on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

from .registry import Reason
from .texts import honest

Said = Literal["acknowledged", "en_route", "on_scene", "cleared", "unable"]

# The letters and digits of a code: no 0, 1, B, S or Z, which look like O, I, 8, 5 and 2.
CODE_ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 4
LONGEST = 14
LOOKALIKE = str.maketrans("SBZ", "582")

_STEPS: dict[Said, str] = {
    "acknowledged": "ya iya yes y yoi siap siyap sip siaga ok oke okey okay baik bisa roger copy terima diterima"
    " laksanakan monitor termonitor dimengerti mengerti paham 86 acknowledged",
    "en_route": "jalan jln berangkat brangkat brgkt berangkt berankat otw omw meluncur luncur mluncur merapat menuju"
    " bergerak gerak perjalanan enroute going leaving",
    "on_scene": "tiba tba sampai sampe smpe smpai nyampe nyampai lokasi dilokasi lks tkp ditkp onscene arrived",
    "cleared": "selesai slesai selese slsai slse beres kelar rampung tuntas done finished finish cleared",
}
STEP = {word: step for step, words in _STEPS.items() for word in words.split()}
ORDER: tuple[Said, ...] = ("acknowledged", "en_route", "on_scene", "cleared")
_NO = frozenset(
    [
        "tidak",
        "tdk",
        "tidk",
        "tdak",
        "gak",
        "ga",
        "gk",
        "nggak",
        "ngga",
        "enggak",
        "engga",
        "tak",
        "no",
        "not",
        "cannot",
        "cant",
        "unable",
    ]
)
_CANNOT = frozenset(
    ["gabisa", "gakbisa", "tdkbisa", "tidakbisa", "gbisa", "gabs", "cannot", "cant", "unable"]
)
_NOT_YET = frozenset(["belum", "blm", "blum", "belom", "bukan", "jangan", "jgn", "batal", "yet"])
_CALLED_OFF = frozenset(["bukan", "jangan", "jgn", "batal"])
_SOON = frozenset(
    [
        "segera",
        "sgr",
        "hampir",
        "bentar",
        "sebentar",
        "akan",
        "mau",
        "nanti",
        "menit",
        "mnt",
        "soon",
        "almost",
        "will",
        "siap2",
    ]
)
_ASKING = frozenset(
    [
        "mana",
        "dimana",
        "kemana",
        "apa",
        "apakah",
        "berapa",
        "brp",
        "kapan",
        "siapa",
        "kenapa",
        "bagaimana",
        "gimana",
        "where",
        "what",
        "who",
        "when",
        "how",
        "minta",
        "mohon",
        "tolong",
        "kirim",
        "kirimkan",
        "share",
        "sharelok",
        "shareloc",
        "sharelock",
        "butuh",
        "perlu",
        "bantu",
        "bantuan",
        "need",
        "help",
    ]
)
# "Jalan rusak" may be a bad road, or a car that broke down on the way.
_OF_ROAD_OR_CAR = frozenset(["rusak", "rusk"])
# Where somebody goes, not where they are.
_TOWARDS = frozenset(["ke", "kelokasi", "ketkp", "menuju", "meluncur", "merapat", "otw"])
_PLACES = frozenset(["lokasi", "dilokasi", "lks", "tkp", "ditkp"])
_PHRASES = (
    (r"\bon (?:the|my) way\b", " otw "),
    (r"\ben[ -]route\b", " enroute "),
    (r"\bon[ -]scene\b", " onscene "),
    (r"\b8[ -]6\b", " 86 "),
    (r"\brumah ?sakit\b", " rs "),
    (r"\bnot yet\b", " belum "),
    (r"\bsampai (?:ketemu|jumpa)\b", " "),
    (r"\b(?:terima|trima|makasih) ?kasih\b", " "),
    (r"\bdi (lokasi|tkp)\b", r" di\1 "),
    (r"\bcan(?:'|’)?t\b", " cant "),
)
_JOINING = "tapi tetapi tp but dan karena krn karna soalnya"
_CLAUSE = re.compile(rf"[,.;:!\n/]+|\b(?:{_JOINING.replace(' ', '|')})\b")
_WORD = re.compile(r"[a-z0-9]+")
# What no reason can be called by: it is read as something else.
_MEANT_OTHERWISE = frozenset(
    [*STEP, *_NO, *_CANNOT, *_NOT_YET, *_SOON, *_ASKING, *_TOWARDS, *_JOINING.split(), "lagi"]
)


class Reply(Struct, frozen=True, kw_only=True):
    """A reply as read: what may be codes, and the step said; unless `clear`, step and reason are a proposal only."""

    codes: tuple[str, ...] = ()
    status: Said | None = None
    reason: str = ""
    clear: bool = False


def printable(text: str, most: int = 1000) -> str:
    """Anybody's text as the desk may show it."""
    return honest(text)[:most].strip()


def words_of(reasons: Iterable[Reason]) -> dict[str, str]:
    """Which reason each word stands for."""
    return {word: reason.id for reason in reasons for word in reason.words}


def refused_words(reason: Reason, others: Iterable[Reason]) -> dict[str, tuple[str, dict[str, str]]]:
    """Why words of a reason cannot be taken, as codes of the registry's rules by field: `words[0]`."""
    known = words_of(each for each in others if each.id != reason.id)
    refused: dict[str, tuple[str, dict[str, str]]] = {}
    for number, word in enumerate(reason.words):
        if word in _MEANT_OTHERWISE:
            refused[f"words[{number}]"] = ("word_taken", {"word": word})
        elif word in known:
            refused[f"words[{number}]"] = ("word_of_another", {"word": word, "reason": known[word]})
        elif word in reason.words[:number]:
            refused[f"words[{number}]"] = ("word_twice", {"word": word})
    return refused


def parse(text: str, reasons: Mapping[str, str]) -> Reply:
    """Read a reply by the words that stand for reasons; whatever text comes, there is an answer."""
    # NFKC turns look-alikes of other alphabets' widths, bold letters of a keyboard app, into plain ones.
    plain = unicodedata.normalize("NFKC", text)[:1000]
    codes, rest = _without_codes(plain)
    folded = re.sub(r"[^\S\n]+", " ", rest).lower()
    for pattern, word in _PHRASES:
        folded = re.sub(pattern, word, folded)
    clauses = [[_word(word, reasons) for word in _WORD.findall(part)] for part in _CLAUSE.split(folded)]
    reading = _Reading(reasons)
    for clause in clauses:
        reading.clause(clause)
    words = [word for clause in clauses for word in clause]
    asking = "?" in text or bool(_ASKING.intersection(words))
    status, reason, clear = reading.verdict()
    if status is None:
        status, clear = _guess(words), False
    return Reply(
        codes=codes, status=status, reason=reason, clear=clear and not asking and len(words) <= LONGEST
    )


class _Reading:
    """What the clauses of one reply say together."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known
        self.said: list[Said] = []
        self.denied: list[Said] = []
        self.reasons: list[str] = []
        self.cannot = False
        self.doubtful = False

    def clause(self, words: list[str]) -> None:
        """Take one clause in: a negation or *soon* takes the certainty from the steps that follow it."""
        negated = soon = unanswered = False
        going = bool((_TOWARDS | _ASKING).intersection(words)) or "en_route" in (
            STEP.get(word) for word in words
        )
        self.doubtful |= bool(_CALLED_OFF.intersection(words))
        for index, word in enumerate(words):
            before = words[index - 1] if index else ""
            if word in self.known:
                self._reason(word, before)
            elif word in _CANNOT or word in _NO:
                negated = self.cannot = True
                self.doubtful |= bool(self.said)
            elif word in _NOT_YET:
                negated = unanswered = True
            elif word in _SOON or (word == "lagi" and before.isdigit()):
                soon = True
            elif (step := STEP.get(word)) and not (word in _PLACES and going):
                if self.cannot and not negated:
                    self.doubtful = True
                unanswered = False
                (self.denied if negated or soon else self.said).append(step)
        # "Jalan belum" asks or denies what stands before it; "siap, belum ada kunci" says something that we do not read.
        self.doubtful |= unanswered

    def _reason(self, word: str, before: str) -> None:
        if before in ("jalan", "jln"):
            self.doubtful |= word in _OF_ROAD_OR_CAR
            self.said = self.said[: -1 if self.said and self.said[-1] == "en_route" else None]
        if self.known[word] not in self.reasons:
            self.reasons.append(self.known[word])

    def verdict(self) -> tuple[Said | None, str, bool]:
        """(step, reason, whether it is beyond doubt)."""
        reason = self.reasons[0] if self.reasons else ""
        if self.cannot or (self.reasons and not self.said):
            return "unable", reason, self.cannot and len(self.reasons) == 1 and not self.doubtful
        if self.said:
            furthest = max(self.said, key=ORDER.index)
            return furthest, "", not self.reasons and not self.doubtful
        if self.denied:
            # Who says that they are not there yet, or soon will be, is at the step before.
            furthest = max(self.denied, key=ORDER.index)
            return ORDER[max(0, ORDER.index(furthest) - 1)], "", False
        return None, "", False


def _word(word: str, reasons: Mapping[str, str]) -> str:
    """A word as the tables hold it; a letter typed on and on counts once (siaaap)."""
    if word in STEP or word in reasons or word in _NO:
        return word
    once = re.sub(r"([a-z])\1+", r"\1", word)
    return once if once in STEP or once in reasons or once in _NO or once in _NOT_YET else word


def _guess(words: list[str]) -> Said | None:
    """The step that a misspelt word comes close to: a proposal, since *sampah* is not *sampai*."""
    for word in words:
        if len(word) > 3 and word not in STEP and (close := get_close_matches(word, STEP, n=1, cutoff=0.75)):
            return STEP[close[0]]
    return None


def _without_codes(text: str) -> tuple[tuple[str, ...], str]:
    """What may be codes, at most three, and the text without them; also `7K2MYA`, as thumbs skip blanks."""
    codes: list[str] = []

    def take(found: re.Match[str]) -> str:
        token = found[0]
        head, tail = token[:CODE_LENGTH], token[CODE_LENGTH:]
        code = code_of(head)
        if (
            code is None
            or len(codes) == 3
            or (tail and _word(tail.lower(), {}) not in STEP.keys() | _NO | _CANNOT)
        ):
            return token
        codes.append(code)
        return f" {tail} "

    rest = re.sub(r"[A-Za-z0-9]{4,}", take, text)
    return tuple(dict.fromkeys(codes)), rest


def code_of(token: str) -> str | None:
    """A token as a code, look-alikes put right; None for a word or a number, which no code is."""
    code = token.upper().translate(LOOKALIKE) if any(map(str.isdigit, token)) else token.upper()
    mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
    return code if len(code) == CODE_LENGTH and mixed and set(code) <= set(CODE_ALPHABET) else None


def make_code(randomness: bytes) -> str:
    """A code of 8 random bytes, with a letter and a digit at least, so that no word and no year is one."""
    value = int.from_bytes(randomness[:8], "big")
    letters: list[str] = []
    for alphabet in (CODE_ALPHABET[:8], CODE_ALPHABET[8:], CODE_ALPHABET, CODE_ALPHABET):
        value, place = divmod(value, len(alphabet))
        letters.append(alphabet[place])
    turn = value % CODE_LENGTH
    return "".join(letters[turn:] + letters[:turn])
