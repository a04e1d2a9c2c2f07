"""What the doctor looks at and what it finds: a line each, with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from infra.deploy.cloud import Cloud


class State(StrEnum):
    """`unseen` could not be asked, for want of a right or of an answer; it is never taken for well."""

    CRITICAL = "critical"
    WARNING = "warning"
    UNSEEN = "unseen"
    OK = "ok"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do where something is to be done."""

    state: State
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Subject:
    """A stage: its data stack's outputs (none before it is deployed) and both stacks' parameters, with what SET changes."""

    cloud: Cloud
    outputs: Mapping[str, str]
    settings: Mapping[str, str]
    now: datetime

    @property
    def is_production(self) -> bool:
        return self.settings.get("Production") == "yes"


@dataclass(frozen=True)
class Check:
    """One kind of finding; `rights` are the IAM actions that it asks with."""

    name: str
    rights: tuple[str, ...]
    look: Callable[[Subject], Finding]


def ok(what: str) -> Finding:
    return Finding(State.OK, what)


def warning(what: str, remedy: str) -> Finding:
    return Finding(State.WARNING, what, remedy)


def critical(what: str, remedy: str) -> Finding:
    return Finding(State.CRITICAL, what, remedy)


def unseen(what: str, remedy: str) -> Finding:
    return Finding(State.UNSEEN, what, remedy)
