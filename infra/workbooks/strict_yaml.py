"""YAML as a regency's configuration is written in it: few kinds of values, no key twice, nothing that grows while it is read."""

from __future__ import annotations

import re
from typing import Any

import yaml


class Strict(yaml.CSafeLoader):
    """YAML where all but number, true, false, null is text (dates, hours, `no`, `+62…`), and no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for (key, _), value in zip(node.value, keys, strict=True):
            if keys.count(value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{value!r} stands here twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


Strict.yaml_implicit_resolvers = {}
Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
Strict.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
Strict.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(0|-?[1-9]\d*)$"), list("-0123456789"))
Strict.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?\d+\.\d+$"), list("-0123456789"))


def read_strictly(text: str) -> Any:
    """What a text says; yaml.YAMLError names line and column. An alias is refused: a few of them make a text of a page grow to gigabytes."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise yaml.YAMLError(f"line {line}: aliases are not read")
    return yaml.load(text, Strict)
