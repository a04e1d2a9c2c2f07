"""Where a stack's parameters come from: the command itself, the other stack, SET="…", the account, the last deploy, the
default, or an answer of yours."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.deploy.terminal import DeployError, Terminal


@dataclass(frozen=True)
class Parameter:
    """A parameter as the template describes it; `default` None means that there must be a value."""

    name: str
    description: str
    default: str | None
    allowed: tuple[str, ...]
    pattern: str
    hidden: bool


def parameters_of(template: Mapping[str, Any]) -> list[Parameter]:
    """A template's parameters in their order."""
    return [
        Parameter(
            name=name,
            description=about.get("Description", ""),
            default=str(about["Default"]) if "Default" in about else None,
            allowed=tuple(str(each) for each in about.get("AllowedValues", ())),
            pattern=about.get("AllowedPattern", ""),
            hidden=str(about.get("NoEcho", "")).lower() == "true",
        )
        for name, about in (template.get("Parameters") or {}).items()
    ]


def parse_given(text: str) -> dict[str, str]:
    """Read SET="Name=value Name=value"; a value with blanks stands in '…'."""
    found = {}
    for each in shlex.split(text):
        name, equals, value = each.partition("=")
        if not equals:
            raise DeployError(f'SET: {each!r} is not Name=value. For example: SET="AlarmEmail=me@example.id"')
        found[name] = value
    return found


def check_given(given: Mapping[str, str], parameters: list[Parameter]) -> None:
    """See before anything changes that there are such parameters and that they take such values; DeployError."""
    known = {each.name: each for each in parameters}
    for name, value in given.items():
        if name not in known:
            raise DeployError(f"SET: there is no parameter {name}. There are: {', '.join(sorted(known))}")
        _check(known[name], value)


def choose(
    wanted: list[Parameter],
    *,
    known: Mapping[str, str],
    given: Mapping[str, str],
    previous: Mapping[str, str],
    measured: Mapping[str, str],
    terminal: Terminal,
) -> list[dict[str, Any]]:
    """Return the Parameters of a change set; `known` cannot be set by hand, `previous` is what the stack has.

    `measured` stands in for a default that nobody has changed. Says which values are new. DeployError names a value that the template does not take.
    """
    chosen = []
    for each in wanted:
        if each.name in known:
            value = known[each.name]
        elif each.name in given:
            value = given[each.name]
        elif each.name in measured and previous.get(each.name, each.default) == each.default:
            value = measured[each.name]
        elif each.name in previous:
            chosen.append({"ParameterKey": each.name, "UsePreviousValue": True})
            continue
        elif each.default is not None:
            value = each.default
        else:
            how = f'SET="{each.name}=…"'
            value = terminal.ask(f"{each.name}: {each.description}", how, hidden=each.hidden)
        _check(each, value)
        if each.name not in known and previous.get(each.name, each.default) != value and not each.hidden:
            terminal.note(f"{each.name}: {previous.get(each.name) or each.default or '(none)'} -> {value}")
        chosen.append({"ParameterKey": each.name, "ParameterValue": value})
    return chosen


def _check(parameter: Parameter, value: str) -> None:
    wrong = (parameter.allowed and value not in parameter.allowed) or (
        parameter.pattern and not re.fullmatch(parameter.pattern, value)
    )
    if wrong:
        what = ", ".join(parameter.allowed) or parameter.pattern
        shown = "that value" if parameter.hidden else repr(value)
        raise DeployError(f"{parameter.name} cannot be {shown}: {what} ({parameter.description})")
