"""The codes that pages carry and replies bring back: letters and digits that nobody mistakes for each other."""

from __future__ import annotations

import re

# No 0, 1, B, S or Z, which look like O, I, 8, 5 and 2.
CODE_ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 4
LOOKALIKE = str.maketrans("SBZ", "582")
MOST = 3


def without_codes(text: str, glued: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """What may be codes, at most three, and the text without them; also `7K2MYA`, where a `glued` word follows unparted."""
    codes: list[str] = []

    def take(found: re.Match[str]) -> str:
        token = found[0]
        head, tail = token[:CODE_LENGTH], token[CODE_LENGTH:]
        code = code_of(head)
        if code is None or len(codes) == MOST or (tail and tail.lower() not in glued):
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
