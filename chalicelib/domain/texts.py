"""Which texts are honest: any script and emoji, but nothing that hides, turns or breaks the text around it."""

from __future__ import annotations

import re

_HIDDEN = r"\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
LINE = rf"^[^\x00-\x1f{_HIDDEN}]*$(?!\n)"
TEXT = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f{_HIDDEN}]*$"
_DISHONEST = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_HIDDEN}]")
_BREAKS = re.compile(r"[\t\n\r]+")


def honest(text: str) -> str:
    """The text without what `TEXT` refuses: no word of it, since none of that can be seen."""
    return _DISHONEST.sub("", text)


def honest_line(text: str) -> str:
    """The text as one line that `LINE` takes."""
    return _BREAKS.sub(" ", honest(text))


def cleaned(text: str) -> str:
    """Anybody's text as it may be shown: a blank for each character that hides, turns or breaks the text around it."""
    return "".join(each if each.isprintable() or each == "\n" else " " for each in text)
