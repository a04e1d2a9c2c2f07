"""Phone numbers as people write them, read in this one place; Google's libphonenumber says which are in use.

What stands for a number may be anything: an emergency is taken all the same, and the desk sees what was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ...domain.registry import UNSAID, Regency
from ...domain.texts import honest_line
from ...errors import Invalid
from ...faults import SENTENCES, Fault

if TYPE_CHECKING:
    import phonenumbers

# With two digits more than the standard has, which libphonenumber once let pass.
E164 = re.compile(r"\+[1-9][0-9]{6,16}")
HOME = "62"
HOME_MOBILE = re.compile(r"\+628[1-35-9]")
LONGEST_TYPED = 200
# No subscriber's number has so few digits or, with 1, begins so; the rest are services that carriers sell by SMS.
SHORT = re.compile(r"1\d{2,5}|[2-9]\d{2,3}|(?:714|898)\d\d")
# By which Indonesian carriers dial out of the country, where other countries have 00.
DIALLED_OUT = re.compile(r"01017|00[1789]")
CHAT_LINK = re.compile(r"(?:wa\.me/|whatsapp(?:\.com/|://)send/?\?(?:.*&)?phone=)(?:\+|%2B)?(\d+)", re.I)
LINK_PARAMETERS = re.compile(r"^\s*(?:tel|sms)\s*:([^;?]*).*$", re.I | re.DOTALL)
EXTENSION = re.compile(r"[\s,;]*(?:#|\b(?:ext|ekst|ekstensi|pes|pesawat|x)\b)[.:=\s]*\d{1,6}\W*$", re.I)
# Made a number of by a spreadsheet: 628123456789.0.
OF_SPREADSHEET = re.compile(r"^'?(\s*\+?\d{7,})[.,]0*\s*$")
# A letter beside a digit may stand for one (O812…), and a letter alone too: nobody guesses which.
DOUBTFUL = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|\b[^\W\d_]\b|\b[OolI]+\b")
# H. Udin, but not O or I, which stand for digits.
INITIAL = re.compile(r"\b[A-HJ-NP-Z]\.\s*(?=[A-Z][a-z.])")
WORD = re.compile(r"[^\W\d_]+[.:'’]*")
# 21112-13, which is two numbers that end alike, or one with an extension; 0812-34-56-78-90 is one.
RANGE = re.compile(r"(.*\d{3})\s*-\s*\d{1,2}\s*")
ONE_NUMBER = re.compile(r"[\s().:-]*(\+?)[\s().-]*(\d[\d\s().-]*)")
DECORATION = frozenset("[]{}<>'`´‘’“”_")
WITHHELD = frozenset(
    {"", "anonim", "anonymous", "blocked", "dirahasiakan", "disembunyikan", "hidden", "nomor disembunyikan"}
    | {"nomor pribadi", "nomor tidak diketahui", "no caller id", "pribadi", "private", "private number"}
    | {"restricted", "tidak diketahui", "unavailable", "unknown", "withheld"}
)


class Number(Struct, frozen=True, kw_only=True):
    """What a text says: a valid `number` in E.164, a `short` one by its digits, a `withheld` one, or what nobody can read.

    `typed` is what was written, without what hides in it.
    """

    kind: Literal["number", "short", "withheld", "unread"]
    e164: str = ""
    short: str = ""
    typed: str = ""

    @property
    def known(self) -> str:
        """By what the number is kept and found: E.164, or the digits of a short one; '' for none that was read."""
        return self.e164 or self.short

    @property
    def says_more(self) -> bool:
        """Whether more was typed than the number with its blanks and dashes: an area code was filled in, or a word stands there."""
        digits = self.known.removeprefix("+")
        alike = {digits, f"0{digits.removeprefix(HOME)}" if digits.startswith(HOME) else digits}
        return re.sub(r"[\s().+-]", "", self.typed) not in alike


def read_number(text: str, regency: Regency) -> Number:
    """What a text says; a number without area code is the regency's, and whatever is in doubt is not guessed."""
    typed = honest_line(text).strip()[:LONGEST_TYPED]
    if len(text) > LONGEST_TYPED:
        return Number(kind="unread", typed=typed)
    plain = OF_SPREADSHEET.sub(r"\1", _plain(text))
    link = CHAT_LINK.search(plain)
    if link:
        plain = link[1] if link[1].startswith("0") else f"+{link[1]}"
    plain = INITIAL.sub("", plain)
    plain = EXTENSION.sub("", LINK_PARAMETERS.sub(r"\1", plain))
    if not any(each.isdigit() for each in plain):
        said = " ".join(plain.lower().strip(" \n.:-").split())
        return Number(kind="withheld" if said in WITHHELD or not typed else "unread", typed=typed)
    found = set() if DOUBTFUL.search(plain) else {_one(part, regency) for part in _parts(plain)}
    e164, short = found.pop() if len(found) == 1 else ("", "")
    if e164:
        return Number(kind="number", e164=e164, typed=typed)
    return Number(kind="short" if short else "unread", short=short, typed=typed)


def must_number(text: str, path: str, regency: Regency) -> str:
    """The one valid number that a text says, in E.164; Invalid names the field."""
    number = read_number(text, regency)
    if number.e164:
        return number.e164
    fault = Fault(path, "phone_short" if number.short else "phone_unread")
    raise Invalid(f"that {fault.sentence}", fault)


def kept_number(text: str, path: str, regency: Regency) -> str:
    """By what a number is kept, to find it: as `must_number`, or a short one, or E.164 that no table knows.

    So what an older release kept under a wrong area code is found by what it shows. Invalid names the field.
    """
    number = read_number(text, regency)
    return number.known or _as_written(text) or must_number(text, path, regency)


def read_phone(text: str, path: str, regency: Regency) -> str:
    """As `must_number`, or E.164 as an older release took it, so that its owner can still be retired; see `refused_phone`."""
    return sender_number(text, regency) or must_number(text, path, regency)


def sender_number(text: str, regency: Regency) -> str:
    """Who sent an SMS in E.164, '' for a name or a short number: what the network says is taken though no table knows it."""
    return read_number(text, regency).e164 or _as_written(text)


def _as_written(text: str) -> str:
    return text if E164.fullmatch(text) else ""


def refused_phone(e164: str, regency: Regency, *, sms: bool) -> str:
    """Why a number in E.164 cannot stand in the registry, as a code of its rules, '' if it can; `sms`: pages go to it."""
    import phonenumbers
    from phonenumbers import PhoneNumberType as Type

    number = _valid(e164.removeprefix("+"))
    if number is None:
        return "phone_unread"
    if country_of(e164) not in regency.countries:
        return "phone_country"
    if _costs_extra(e164):
        return "phone_premium"
    if sms and phonenumbers.number_type(number) not in (Type.MOBILE, Type.FIXED_LINE_OR_MOBILE):
        return "phone_not_mobile"
    return ""


def refused_page(e164: str, regency: Regency) -> str:
    """Why no SMS is sent to a number that the registry holds all the same, by an older release's leave; '' if it is sent.

    One that no table knows is tried; before the regency is told, so is one of any country.
    """
    # Nearly all of them: no page waits until the tables of all countries are loaded.
    if HOME_MOBILE.match(e164) and "ID" in regency.countries:
        return ""
    if country_of(e164) not in regency.countries and regency is not UNSAID:
        return "" if _valid(e164.removeprefix("+")) is None else SENTENCES["phone_country"]
    return SENTENCES["phone_premium"] if _costs_extra(e164) else ""


def _costs_extra(e164: str) -> bool:
    import phonenumbers
    from phonenumbers import PhoneNumberType as Type

    number = _valid(e164.removeprefix("+"))
    # A personal number leads anywhere, at a price that its owner sets: +44 70.
    costly = (Type.PREMIUM_RATE, Type.SHARED_COST, Type.PERSONAL_NUMBER)
    return number is not None and phonenumbers.number_type(number) in costly


def country_of(e164: str) -> str:
    """Whose number it is (ISO 3166-1), '' for that of no country, such as a satellite's."""
    import phonenumbers

    number = _valid(e164.removeprefix("+"))
    region = phonenumbers.region_code_for_number(number) if number else None
    return region if region and region.isalpha() else ""


def _plain(text: str) -> str:
    """The text with every script's digits, every kind of dash and blank as ASCII has them, and nothing invisible."""
    return "".join(map(_plain_character, text))


def _plain_character(each: str) -> str:
    category = unicodedata.category(each)
    if category == "Nd":
        return str(unicodedata.digit(each))
    if category == "Pd" or each == "\u2212":
        return "-"
    if category == "Zs" or each == "\t" or each in DECORATION:
        return " "
    if category in ("Cf", "Mn"):
        return ""
    compatible = unicodedata.normalize("NFKC", each)
    return compatible if category.startswith(("P", "S")) and len(compatible) == 1 else each


def _parts(plain: str) -> list[str]:
    """What may be a number each; an area code before a slash belongs to what follows it."""
    joined = re.sub(r"^(\W*0\d{2,3}\)?\s*)/(\s*\d{5,8}\b)", r"\1\2", plain)
    parts = re.split(r"[/,;|&\n\"]+", WORD.sub("|", joined))
    return [part for part in parts if part and any(each.isdigit() for each in part)]


def _one(part: str, regency: Regency) -> tuple[str, str]:
    """(E.164, '') of a valid number, ('', digits) of a short one, or ('', '')."""
    found = ONE_NUMBER.fullmatch(part)
    if not found:
        return "", ""
    plus, body = found[1], found[2]
    # "+62 (0)812": the 0 is dialled only by those who leave out the +62.
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", body) if plus or body.startswith("00") else body)
    local = digits.removeprefix(HOME) if plus else digits
    # +673 is where a number abroad begins.
    if SHORT.fullmatch(local) and (not plus or local != digits or local[0] == "1"):
        return "", local
    first = RANGE.fullmatch(part)
    if first and _one(first[1], regency) != ("", ""):
        return "", ""
    meant = {_formatted(each) for each in _candidates(digits, regency, international=bool(plus))} - {""}
    return (meant.pop(), "") if len(meant) == 1 else ("", "")


def _candidates(digits: str, regency: Regency, *, international: bool) -> list[str]:
    """As what the digits may be meant, with their country code; who reads more than one of them valid does not guess."""
    if international:
        return [digits]
    if digits.startswith("0"):
        abroad = [digits[2:]] if digits.startswith("00") else [HOME + digits[1:]]
        carrier = DIALLED_OUT.match(digits)
        return [*abroad, digits[carrier.end() :]] if carrier else abroad
    found = [digits] if digits.startswith(HOME) else []
    # Mobile numbers are told without their 0, and nationwide services have none.
    if digits[0] in "18":
        return [HOME + digits]
    area = regency.area_code[1:]
    # 62 112 is a short number in its country, as 62112 may be.
    if area and 5 <= len(digits) <= (6 if found else 8) and not digits.startswith(HOME + "1"):
        found.append(HOME + area + digits)
    # 531 21112: the 0 was left out, or it is a number of eight digits.
    if area and digits.startswith(area):
        found.append(HOME + digits)
    return found


def _formatted(digits: str) -> str:
    import phonenumbers

    number = _valid(digits)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


# A list of people is read, held to the rules and written: each asks for the same numbers, which nobody changes.
@lru_cache(maxsize=8192)
def _valid(digits: str) -> phonenumbers.PhoneNumber | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
