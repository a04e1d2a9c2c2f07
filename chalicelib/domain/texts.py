"""Which texts are honest: any script and emoji, but nothing that hides, turns, stacks up or breaks the text around it."""

from __future__ import annotations

import re
import unicodedata

# By these two records are read too: what a request may not hold any more is refused by `refusal`, never by them.
_HIDDEN = r"\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
LINE = rf"^[^\x00-\x1f{_HIDDEN}]*$(?!\n)"
TEXT = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f{_HIDDEN}]*$"

# Letters to Unicode that nobody sees: the fillers of Korean, the blanks of hieroglyphs.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\U00013441\U00013442")
_BREAKS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_JOINERS = r"\u200c\u200d"
# Letters that no joiner and no selector ever changes.
_LATIN = r"A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_SELECTORS = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Unicode's default ignorable code points, tags among them, and other marks without a width. A joiner and a variation
# selector belong to one sign before them, as in emoji, Persian and Hindi; heaps of them carry what nobody sees.
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    r"\uffa0\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U00013441\U00013442\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
    rf"|(?<![^\s{_LATIN}{_JOINERS}])[{_JOINERS}]|(?<![^\s{_LATIN}{_JOINERS}{_SELECTORS}])[{_SELECTORS}]"
)
# As many marks as a letter has in the scripts that stack most; of those for any letter, Vietnamese has two.
_MARKS_MOST, _GENERAL_MARKS_MOST, _SAME_MARK_MOST = 5, 3, 2
_GENERAL_MARK = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def refusal(text: str, *, needed: bool) -> str:
    """Why a text cannot be taken, as a code of faults.py, '' if it can; a `needed` one must say something."""
    if needed and not says_something(text):
        return "says_nothing"
    if text.isascii():
        return ""
    return "hidden" if _UNSEEN.search(text) or _without_heaps(text) != text else ""


def says_something(text: str) -> bool:
    """Whether it holds a letter or digit of any script that can be seen; a sign that only changes others is none, such as ʼ ˈ ー."""
    return any(
        each.isalnum() and unicodedata.category(each) != "Lm" and each not in _BLANK_LETTERS for each in text
    )


def honest(text: str) -> str:
    """The text without what cannot be seen, and no word of it lost: for what must be taken whatever it holds."""
    text = _BREAKS.sub(" ", re.sub(r"\r\n?", "\n", text))
    # What was apart may now stand together.
    while not text.isascii() and (seen := _without_heaps(_UNSEEN.sub("", text))) != text:
        text = seen
    return text


def honest_line(text: str) -> str:
    """The same in one line."""
    return re.sub(r"[\t\n]+", " ", honest(text))


def _without_heaps(text: str) -> str:
    """The text without the marks that are more than any letter has."""
    kept: list[str] = []
    marks = general = same = 0
    before = ""
    for each in text:
        if unicodedata.category(each) not in ("Mn", "Me"):
            marks = general = same = 0
        else:
            marks += 1
            general += bool(_GENERAL_MARK.match(each))
            same = same + 1 if each == before else 1
        if marks <= _MARKS_MOST and general <= _GENERAL_MARKS_MOST and same <= _SAME_MARK_MOST:
            kept.append(each)
        before = each
    return "".join(kept)
