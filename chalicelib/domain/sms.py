"""The text of an SMS: folded to GSM 03.38 characters and fitted into one segment of 160 septets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ..errors import Unprocessable
from ..faults import Fault
from .sms_texts import KINDS

SEGMENT = 160
# Of a text in several parts, each of which says which it is.
IN_EACH = 153
PLACEHOLDERS = frozenset().union(*(kind.placeholders for kind in KINDS.values()))

# 3GPP TS 23.038, 6.2.1; line feed, carriage return and form feed are left out: a page is one line.
GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = frozenset("^{}\\[~]|€")

# What Unicode does not decompose, and what it decomposes into something worse.
_LIKENESS = (
    "×=x ÷=/ ⁄=/ ∕=/ ¦=| ¢=c 。=. 、=, đ=d Đ=D ð=d Ð=D ł=l Ł=L ħ=h Ħ=H ı=i œ=oe Œ=OE þ=th Þ=Th ŋ=ng Ŋ=NG ẞ=SS"
)
_LOOKALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›ʼʻ′`´ʹ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("−⁃•·∙‧", "-"),
        **dict(pair.split("=") for pair in _LIKENESS.split()),
    }
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Indonesian carriers drop messages that hold these; a landmark may ("konter token listrik").
_FILTERED = re.compile(r"\b(?:kode|otp|pin|token|verifikasi)\b", re.IGNORECASE)
# Shortened in this order, first down to these septets, then to nothing.
_SHORTENED = {
    "was": 24,
    "place": 30,
    "type": 16,
    "unit": 12,
    "regency": 12,
    "duty": 24,
    "change": 60,
    "what": 60,
    "agency": 12,
    "time": 0,
    "priority": 0,
}
_CUT_MARK = ".."
# Used when a template's own words leave no room: a page without its polite words beats a page not sent.
_BARE = "{drill} {type} {place} {label} {link}"


def fold(text: str) -> str:
    """Fold any Unicode into one line of GSM 03.38 characters.

    Accents fall where GSM lacks the letter (ê, not é), quotes and dashes become plain, emoji and line breaks
    become blanks, a run of letters without a Latin likeness (CJK, say) one `?`. It is idempotent.
    """
    composed = unicodedata.normalize("NFC", text).translate(_LOOKALIKE)
    folded = "".join(map(_fold_character, composed))
    return _one_line(re.sub(r"\0+", "?", folded))


def _fold_character(character: str) -> str:
    if character in GSM7_BASIC or character in GSM7_EXTENDED:
        return character
    category = unicodedata.category(character)
    if character in "\t\n\v\f\r\x85" or category[0] == "Z":
        return " "
    if category[0] in "MC":  # marks without a base, controls, joiners, surrogates, private use
        return ""
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.digit(character))
    parts = unicodedata.normalize("NFKD", character).translate(_LOOKALIKE)
    if parts != character:
        return "".join(map(_fold_character, parts))
    if category in ("So", "Sk"):  # emoji and the like
        return " "
    return "\0" if category[0] in "LN" else "?"


def _one_line(text: str) -> str:
    return re.sub(" +", " ", text).strip(" ")


def septets(text: str) -> int:
    """Count the septets of folded text: a character of the extension table takes two."""
    return sum(2 if character in GSM7_EXTENDED else 1 for character in text)


def segments(text: str) -> int:
    """Count the SMS that folded text takes on its way: 160 septets in one, or 153 in each of several (3GPP TS 23.040, 9.2.3.24.1)."""
    length = septets(text)
    return min(length, 1) if length <= SEGMENT else -(-length // IN_EACH)


def one_segment(template_body: str, values: Mapping[str, str]) -> str:
    """Fill the {placeholders} of an SMS template so that the message takes at most 160 septets.

    Leaves {reply} out first, shortens {was}, then {place}, {type}, {unit}, {time}, {priority}, and marks a cut with `..`; {drill},
    {label} and {link} stay whole. Raises Unprocessable for an unknown placeholder, one without a value, or a
    link that cannot fit.
    """
    wanted = _placeholders(template_body)
    if missing := sorted(name for name in wanted if name not in values):
        raise Unprocessable(
            "the SMS template wants a value that is missing",
            *(Fault(name, "sms_value_missing") for name in missing),
        )
    if "link" in wanted and values["link"] != fold(values["link"]).replace(" ", ""):
        raise Unprocessable(
            "the link is not plain",
            Fault("link", "sms_link_form"),
        )
    plain = _plain(values)
    text = _fit(template_body, plain)
    if septets(text) > SEGMENT:
        bare = dict.fromkeys(PLACEHOLDERS, "") | {name: plain[name] for name in wanted}
        text = _fit(_BARE, bare)
    if septets(text) > SEGMENT:
        raise Unprocessable("the message does not fit into one SMS", Fault("link", "sms_link_long"))
    return text


def in_full(template_body: str, values: Mapping[str, str]) -> str:
    """The template filled as it is, however long the message becomes; every placeholder in it must have a value."""
    return _fill(template_body, _plain(values))


def placeholders_of(template_body: str) -> frozenset[str]:
    """What stands in braces in it, known or not."""
    return frozenset(_PLACEHOLDER.findall(template_body))


def _plain(values: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value if name == "link" else _unfiltered(_fold_part(value)) for name, value in values.items()
    }


def template_faults(template_body: str, kind: str) -> list[tuple[str, dict[str, str]]]:
    """Why a text of this kind cannot be filled and sent whole, as codes of the registry's rules.

    Its own words must leave room for a link of 60 septets, a label of 10, a place of 30, the rest as usual.
    """
    allowed, must, _ = KINDS[kind]
    wanted = placeholders_of(template_body)
    found: list[tuple[str, dict[str, str]]] = [
        ("template_placeholder", {"name": name}) for name in sorted(wanted - allowed)
    ]
    missing = [name for name in must if name not in wanted]
    found += [
        ("template_link", {}) if name == "link" else ("template_lacks", {"name": name}) for name in missing
    ]
    if word := _FILTERED.search(_PLACEHOLDER.sub(" ", template_body)):
        found.append(("template_filtered", {"word": word.group()}))
    usual = {
        "link": 60,
        "label": 10,
        "place": 30,
        "type": 16,
        "unit": 12,
        "drill": 8,
        "time": 5,
        "priority": 2,
        "reply": 0,
        # It gives way first.
        "was": 5,
        "at": 5,
        "regency": 12,
        "duty": 30,
        "change": 60,
        "agency": 12,
        "what": 80,
    }
    if wanted <= allowed:
        needed = septets(_fill(template_body, {name: "x" * length for name, length in usual.items()}))
        if needed > SEGMENT:
            found.append(("template_long", {"excess": str(needed - SEGMENT)}))
    return found


def _placeholders(template_body: str) -> frozenset[str]:
    wanted = placeholders_of(template_body)
    if unknown := sorted(wanted - PLACEHOLDERS):
        raise Unprocessable(
            f"unknown placeholder {{{unknown[0]}}}",
            *(Fault(name, "sms_placeholder") for name in unknown),
        )
    return wanted


def _unfiltered(text: str) -> str:
    return _FILTERED.sub(lambda word: f"{word[0][0]}.{word[0][1:]}", text)


def _fill(template_body: str, values: Mapping[str, str]) -> str:
    # One pass over the template's own parts, so that braces in a value are never read as a placeholder.
    parts = _PLACEHOLDER.split(template_body)
    filled = (values[part] if index % 2 else _fold_part(part) for index, part in enumerate(parts))
    return _one_line("".join(filled))


def _fold_part(part: str) -> str:
    """Fold a part of a message; a blank at either end parts it from what stands beside it."""
    return fold(f"({part})")[1:-1]


def _fit(template_body: str, values: Mapping[str, str]) -> str:
    values = dict(values)
    uses = _PLACEHOLDER.findall(template_body)
    if septets(_fill(template_body, values)) > SEGMENT and "reply" in uses:
        # Half a code is none, and the link answers too.
        values["reply"] = ""
    for floors in (_SHORTENED, dict.fromkeys(_SHORTENED, 0)):
        for name, floor in floors.items():
            excess = septets(_fill(template_body, values)) - SEGMENT
            if excess > 0 and name in uses:
                share = -(-excess // uses.count(name))
                values[name] = _cut(values[name], max(floor, septets(values[name]) - share))
    return _fill(template_body, values)


def _cut(text: str, room: int) -> str:
    """Cut folded text to `room` septets, between words if it can: half a house number is a wrong address."""
    if septets(text) <= room:
        return text
    kept, used = "", 0
    for character in text:
        used += septets(character)
        if used > room - len(_CUT_MARK):
            break
        kept += character
    if not text[len(kept)].isspace() and " " in kept:
        kept = kept[: kept.rindex(" ")]
    kept = kept.rstrip(" ,.;:-")
    return kept + _CUT_MARK if kept else ""
