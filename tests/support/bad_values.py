"""Values that no field should take, made from the msgspec types themselves, so that a new field is tried without code."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec.inspect as mi

from chalicelib.domain.references import NOUN_OF_FIELD
from chalicelib.handlers.honest import FREE

# Each stands in text that is honest otherwise.
STRANGE = {
    "NUL": "a\0b",
    "bell": "a\ab",
    "escape": "a\x1b[31mb",
    "delete": "a\x7fb",
    "next line": "a\x85b",
    "right-to-left override": "a\u202eb",
    "left-to-right isolate": "a\u2066b",
    "right-to-left mark": "a\u200fb",
    "Arabic letter mark": "a\u061cb",
    "zero width space": "a\u200bb",
    "word joiner": "a\u2060b",
    "soft hyphen": "a\u00adb",
    "line separator": "a\u2028b",
    "byte order mark": "\ufeffab",
    "interlinear annotation": "a\ufff9b",
    "noncharacter": "a\uffffb",
}
# Where a word is needed, these are none; each is what a keyboard or a clipboard gives.
BLANK = {
    "a space": " ",
    "no-break spaces": "\u00a0\u202f\u3000",
    "a full stop": ".",
    "dashes": "---",
    "ellipsis": "…",
    "question marks": "???",
    "Arabic question mark": "\u061f",
    "danda": "\u0964\u0964",
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "Hangul initial filler": "\u115f\u1160",
    "braille blank": "\u2800\u2800",
    "Khmer inherent vowel": "\u17b4",
    "Mongolian vowel separator": "\u180e",
    "null notehead": "\U0001d159",
    "combining grapheme joiner": "\u034f",
    "a mark alone": "\u0301",
    "variation selectors": "\ufe0f\ufe0e",
    "supplementary variation selector": "\U000e0101",
    "tags": "\U000e0061\U000e0062",
    "zero width joiner": "\u200d",
    "emoji": "🔥👍",
    "underscores": "__",
    "signs that change letters": "\u02bc\u02c8\u30fc",
    "an Arabic stretch": "\u0640\u0640",
}
# Beside honest words these hide something, or stack up over what stands around them.
HIDING = {
    "combining grapheme joiner within": "a\u034fb",
    "Hangul filler within": "a\u3164b",
    "tags within": "a\U000e0061\U000e0062b",
    "England's flag": "a🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Mongolian vowel separator within": "a\u180eb",
    "four marks on a letter": "a\u0301\u0302\u0303\u0304",
    "many marks on a letter": "a" + "\u0336\u0322\u0489" * 20,
    "one mark heaped up": "ก" + "\u0e47" * 8,
    "selectors heaped up": "a🔥" + "\U000e0101" * 12,
    "joiners heaped up": "a\u200d\u200d\u200db",
    "a joiner in a Latin word": "bu\u200ddi",
    "a selector in a Latin word": "bu\ufe00di",
    "a selector on a space": "a \ufe0f b",
    "invisible times": "a\u2062b",
    "invisible beam": "a\U0001d173b",
    "shorthand control": "a\U0001bca0b",
}
HONEST = "Kebakaran di Jl. Ahmad Yani 5 – rumah Bu Noé 🔥👨‍👩‍👧, “asap tebal” ½ km, 龍, ≥3 orang\n\tcepat!"
BAD_TIMES = {
    "month 13": "2026-13-01T00:00:00Z",
    "day 32": "2026-11-32T00:00:00Z",
    "30 February": "2026-02-30T00:00:00Z",
    "hour 25": "2026-11-23T25:00:00Z",
    "no zone": "2026-11-23T03:00:00",
    "year 1 with an offset": "0001-01-01T00:00:00+14:00",
    "year 1": "0001-01-01T00:00:00Z",
    "year 9999": "9999-12-31T23:59:59Z",
    "year 9999 with an offset": "9999-12-31T23:59:59-14:00",
    "year 10000": "10000-01-01T00:00:00Z",
    "local words": "kemarin",
    "empty": "",
}
BAD_DATES = {
    "month 13": "2026-13-01",
    "30 February": "2026-02-30",
    "short": "2026-1-1",
    "words": "besok",
    "a newline behind": "2026-11-23\n",
    "other digits": "２０２６-11-23",
}
BAD_NUMBERS = {
    "huge": "1" + "0" * 300,
    "more than any float": "1e400",
    "more than 64 bits": str(2**70),
    "far below": str(-(2**70)),
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "hexadecimal": "0x10",
    "a leading zero": "01",
}
WRONG = {"an object": "{}", "an array": "[]", "true": "true", "a number": "12.5", "text": '"12x"'}
DEEP = {"a deep array": "[" * 3000 + "]" * 3000, "a deep object": '{"a":' * 3000 + "1" + "}" * 3000}
FITS = {
    mi.StrType: "text",
    mi.LiteralType: "",
    mi.BoolType: "true",
    mi.IntType: "",
    mi.FloatType: "a number",
    mi.ListType: "an array",
    mi.StructType: "an object",
    # By names that nobody declares: what stands in it is tried by the stories of its route.
    mi.DictType: "an object",
    mi.DateTimeType: "",
    mi.DateType: "",
}
_HERE = "@@here@@"


class Bad(NamedTuple):
    """A body or value as JSON text that must be refused, and the path of the field that is at fault."""

    what: str
    field: str
    text: str


def fields(
    type_: mi.Type, sample: Any, at: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], mi.Type, bool]]:
    """Each field with its path in the sample, its type, and whether null is allowed; lists by their first element."""
    typed = _taken_as_typed(type_)
    type_, nullable = _plain(type_)
    if at and not typed:
        yield at, type_, nullable
    if isinstance(type_, mi.StructType):
        if sample is None and nullable:
            return
        assert sample is not None, f"the sample lacks {at}"
        for field in type_.fields:
            yield from fields(field.type, sample.get(field.encode_name), (*at, field.encode_name))
    if isinstance(type_, mi.ListType):
        assert sample, f"the sample lacks an element of {at}"
        yield from fields(type_.item_type, sample[0], (*at, 0))


def _taken_as_typed(type_: mi.Type) -> bool:
    """Whether a field takes whatever a person types: tests/world/test_as_typed.py tries what becomes of it."""
    if isinstance(type_, mi.Metadata):
        return bool((type_.extra or {}).get("taken_as_typed")) or _taken_as_typed(type_.type)
    return isinstance(type_, mi.UnionType) and any(map(_taken_as_typed, type_.types))


def _plain(type_: mi.Type) -> tuple[mi.Type, bool]:
    if isinstance(type_, mi.Metadata):
        return _plain(type_.type)
    if isinstance(type_, mi.UnionType):
        (other,) = (each for each in type_.types if not isinstance(each, mi.NoneType))
        return _plain(other)[0], True
    return type_, False


def bad_bodies(type_: Any, sample: dict[str, Any]) -> Iterator[Bad]:
    """The sample, each time with one thing wrong."""
    info = mi.type_info(type_)
    for at, each, nullable in fields(info, sample):
        path = _name(at)
        for what, text in bad_json(each, at, nullable):
            yield Bad(f"{path}: {what}", path, put(sample, at, text))
    yield from _bad_objects(info, sample)
    text = json.dumps(sample)
    first = next(iter(sample), "")
    for what, whole in {
        **WRONG,
        **DEEP,
        "nothing": "",
        "null": "null",
        "half": text[:-1],
        "two": text + text,
    }.items():
        if what != "an object":
            yield Bad(f"instead of all: {what}", "", whole)
    yield Bad(
        "two keys alike", first, text.replace("{", f'{{"{first}": {json.dumps(sample.get(first))}, ', 1)
    )


def _bad_objects(info: mi.Type, sample: dict[str, Any]) -> Iterator[Bad]:
    """Unknown, missing and repeated fields, at every depth."""
    for at, each, _ in [((), info, False), *fields(info, sample)]:
        if not isinstance(each, mi.StructType):
            continue
        here = held(sample, at)
        if here is None:
            continue
        unknown = _name((*at, "unexpected"))
        yield Bad(f"{unknown}: unknown", unknown, put(sample, (*at, "unexpected"), "1"))
        for field in each.fields:
            name = field.encode_name
            path = _name((*at, name))
            if field.required:
                rest = {key: value for key, value in here.items() if key != name}
                yield Bad(f"{path}: missing", path, put(sample, at, json.dumps(rest)))
            if name in here:
                twice = f'{{"{name}": {json.dumps(here[name])}, ' + json.dumps(here)[1:]
                yield Bad(f"{path}: twice", name, put(sample, at, twice))


def bad_json(type_: mi.Type, at: tuple[Any, ...], nullable: bool) -> Iterator[tuple[str, str]]:
    """(what, JSON text) of values that a field of this type must refuse."""
    for what, text in WRONG.items():
        if what != FITS[type(type_)]:
            yield what, text
    if not nullable:
        yield "null", "null"
    if isinstance(type_, (mi.IntType, mi.FloatType)):
        yield from BAD_NUMBERS.items()
        yield from (("out of bounds", json.dumps(value)) for value in out_of_bounds(type_))
    if isinstance(type_, mi.BoolType):
        yield "a number for a yes", "1"
    if isinstance(type_, mi.LiteralType):
        yield from (
            ("no choice", json.dumps(text)) for text in ("unheard_of", str(type_.values[0]).upper(), "")
        )
    if isinstance(type_, mi.ListType):
        yield from DEEP.items()
        if type_.min_length:
            yield "no element", "[]"
    if isinstance(type_, (mi.StrType, mi.DateTimeType, mi.DateType)):
        yield "a lone surrogate", '"a\\ud800b"'
        yield "half a pair", '"a\\udc00\\ud800b"'
        yield from ((what, json.dumps(text)) for what, text in bad_texts(type_, at))


def bad_texts(type_: mi.Type, at: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """(what, text) that a field of text, date or time must refuse."""
    name = str(at[-1] if isinstance(at[-1], str) else at[-2])
    if name not in READ:
        yield from STRANGE.items()
    if isinstance(type_, mi.StrType) and type_.pattern in FREE:
        yield from HIDING.items()
        yield from BLANK.items() if type_.min_length else ()
    yield "overlong", "a" * 5000
    if isinstance(type_, mi.DateTimeType) or name.endswith("_at"):
        yield from BAD_TIMES.items()
    elif isinstance(type_, mi.DateType) or name.endswith("_on"):
        yield from BAD_DATES.items()
    elif isinstance(type_, mi.StrType):
        if type_.min_length:
            yield "empty", ""
        if type_.max_length:
            yield "one too long", "a" * (type_.max_length + 1)
        if name in NOUN_OF_FIELD or name in KNOWN_NAMES or (name == "reason" and type_.max_length == 64):
            yield "unknown", "unheard_of"
            yield "with a newline", f"{name}\n"
            yield "a path", "../units"


# Fields that take any text and say how they read it.
READ = {"number"}
# The names by which bodies and queries call something that must exist; the registry's stand in NOUN_OF_FIELD.
KNOWN_NAMES = {"district", "incident_id", "unit_id", "instead_of", "disposition", "type"}


def out_of_bounds(type_: mi.IntType | mi.FloatType) -> Iterator[float]:
    """Numbers just beyond the type's bounds; every number of the interface must have both."""
    assert None not in (type_.ge, type_.le), f"a number without bounds: {type_}"
    yield type_.ge - 1  # type: ignore[operator]
    yield type_.le + 1  # type: ignore[operator]


def held(sample: Any, at: tuple[Any, ...]) -> Any:
    """What the sample holds at a path, None for nothing."""
    for step in at:
        sample = sample.get(step) if isinstance(sample, dict) else sample[step]
    return sample


def put(sample: Any, at: tuple[Any, ...], text: str) -> str:
    """The sample as JSON with JSON text, valid or not, at a path."""
    if not at:
        return text
    body = copy.deepcopy(sample)
    here = body
    for step in at[:-1]:
        here = here[step]
    here[at[-1]] = _HERE
    return json.dumps(body).replace(f'"{_HERE}"', text)


def _name(at: tuple[Any, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).lstrip(".")
