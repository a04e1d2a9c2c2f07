"""The mapping file: which column of a logbook is what, and which of its words stand for what in the registry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import yaml
from msgspec import Meta, Struct, field

from chalicelib.domain.sheets.cells import folded

LONGEST_ID = 40
FOLDER = Path(__file__).with_name("mappings")
TIMES = (
    "received_at",
    "answered_at",
    "opened_at",
    "requested",
    "acknowledged",
    "en_route",
    "on_scene",
    "ready",
    "cleared",
    "closed_at",
)
STEPS = ("requested", "acknowledged", "en_route", "on_scene", "ready", "cleared")
IDS = ("type", "district", "disposition", "agency")
TEXTS = ("village", "landmark", "narrative", "number", "note", "unit")
NEEDED = ("type", "district", "received_at")
# What an incident may be without, and is told to be where a logbook has no such column.
OPTIONAL = ("village", "landmark", "narrative", "number", "note")


class MappingError(Exception):
    """The mapping file cannot be used; the message is one line that says why."""


class From(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a field comes from: a `column`, whose `values` stand for ids; `otherwise` is for all others.

    A time may stand in two columns, `date` and `time`; one earlier than the field `after` which it comes is the next day's.
    """

    column: str = ""
    values: dict[str, str] = field(default_factory=dict)
    otherwise: str = ""
    always: str = ""
    date: str = ""
    time: str = ""
    after: str = ""

    @property
    def columns(self) -> Iterator[str]:
        return (each for each in (self.column, self.date, self.time) if each)


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping file; `zone` is the hours that the logbook's clock is ahead of UTC, `times` a strptime format."""

    source: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    zone: Annotated[int, Meta(ge=-12, le=14)]
    key: list[str]
    fields: dict[str, From]
    times: str = ""
    sheet: str | list[str] = ""
    agencies: dict[str, str] = field(default_factory=dict)

    @property
    def sheets(self) -> list[str]:
        """The sheets that are read; all that fit if it names none."""
        return [self.sheet] if isinstance(self.sheet, str) and self.sheet else [*self.sheet]

    @property
    def columns(self) -> set[str]:
        """Every column that it names."""
        return {*self.key, *(column for each in self.fields.values() for column in each.columns)}

    @property
    def needed(self) -> set[str]:
        """The columns without which nothing is imported."""
        fields = (each for name, each in self.fields.items() if name not in OPTIONAL)
        return {*self.key, *(column for each in fields for column in each.columns)}

    def fields_of(self, column: str) -> list[str]:
        """The fields that come from a column; `key` if it is one of the key's."""
        found = [name for name, each in self.fields.items() if folded(column) in map(folded, each.columns)]
        return found + ["key"] * (folded(column) in map(folded, self.key))


def load(file: Path) -> Mapping:
    """Read a mapping file; MappingError names what is wrong with it."""
    try:
        document = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_Strict)
        mapping = msgspec.convert(_long_form(document), Mapping)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise MappingError(f"{file}: {' '.join(str(error).split())}") from error
    wrong = [f"{name} is no field" for name in mapping.fields if name not in (*TIMES, *IDS, *TEXTS)]
    wrong += [f"{name} is needed" for name in NEEDED if name not in mapping.fields]
    if "unit" in mapping.fields and "agency" not in mapping.fields:
        wrong.append("unit needs agency")
    if "agency" not in mapping.fields:
        steps = [name for name in STEPS if name in mapping.fields]
        wrong += [f"{name} needs agency: whose?" for name in steps]
    for name, each in mapping.fields.items():
        wrong += _unused(name, each)
        if each.after and each.after not in mapping.fields:
            wrong.append(f"{name}: after names {each.after}, which is not mapped")
        if bool(each.date) != bool(each.time) or (each.date and name not in TIMES):
            wrong.append(f"{name}: a time has either column, or date and time")
        if not (each.always or list(each.columns)):
            wrong.append(f"{name}: comes from nowhere")
    if mapping.times and not re.search("%[HIXcs]", mapping.times):
        wrong.append(f"times: {mapping.times!r} has no hour (%H), and a day without a clock is no time")
    if not mapping.key:
        wrong.append("key is empty")
    if _circular(mapping):
        wrong.append("after runs in a circle")
    if wrong:
        raise MappingError(f"{file}: {'; '.join(wrong)}")
    return mapping


def _unused(name: str, each: From) -> Iterator[str]:
    """What is said of a field and would change nothing."""
    if len([*filter(None, (each.column, each.always, each.date or each.time))]) > 1:
        yield f"{name}: comes from several places; which one counts?"
    if each.always and name in TIMES:
        yield f"{name}: a time is no constant"
    if (each.values and name not in (*IDS, "unit")) or (each.otherwise and name not in IDS):
        yield f"{name}: values and otherwise are for {', '.join(IDS)}"
    if each.after and not each.time:
        yield f"{name}: after is for a time in two columns, date and time"
    words: dict[str, str] = {}
    for word, id_ in each.values.items():
        if words.setdefault(folded(word), id_) != id_:
            yield f"{name}: {word!r} stands for {words[folded(word)]} and for {id_}"


class _Strict(yaml.SafeLoader):
    """YAML in which a name that stands twice is an error, and not the last one's value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
        if twice is not None:
            raise yaml.YAMLError(f"{twice!r} stands twice in what begins at line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def _long_form(document: Any) -> Any:
    """A column's name alone stands for `{column: …}`, one key for a list of it."""
    if not isinstance(document, dict):
        return document
    fields = document.get("fields")
    if isinstance(fields, dict):
        fields = {name: {"column": each} if isinstance(each, str) else each for name, each in fields.items()}
    key = document.get("key")
    return {**document, "fields": fields, "key": [key] if isinstance(key, str) else key}


def _circular(mapping: Mapping) -> bool:
    for name in mapping.fields:
        seen = set()
        while name and name not in seen:
            seen.add(name)
            name = mapping.fields[name].after if name in mapping.fields else ""
        if name:
            return True
    return False


def slug(text: str) -> str:
    """An id made of a name; '' if nothing of it can be one. Long names that begin alike do not become one."""
    whole = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    if len(whole) <= LONGEST_ID:
        return whole
    ending = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: LONGEST_ID - 9].strip('-')}-{ending}"
