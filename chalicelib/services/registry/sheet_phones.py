"""Phone numbers in sheets, each text read once: agencies write one number in many rows, and lists are read again and again."""

from __future__ import annotations

from functools import lru_cache

from ...domain.registry import Regency
from ...domain.sheets.reading import Phone, ReadPhone
from .phone_numbers import read_number, refused_phone


def phones_of(regency: Regency) -> ReadPhone:
    """What reads a cell as a number that pages may be sent to."""

    @lru_cache(maxsize=8192)
    def read_phone(text: str) -> Phone:
        number = read_number(text, regency)
        if not number.e164:
            return Phone(code="phone_short" if number.short else "phone_unread")
        code = refused_phone(number.e164, regency, sms=True)
        return Phone(e164=number.e164, code=code or "")

    return read_phone
