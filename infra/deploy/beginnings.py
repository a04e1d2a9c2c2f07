"""What a new stage's registry begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from chalicelib.domain.registry import Agency
from chalicelib.models.registry import RegistryCache
from infra.deploy.terminal import DeployError, Terminal
from infra.seed.load import Seed, SeedError, read
from infra.seed.write import marks, write_duty, write_nouns

OURS = Path(__file__).resolve().parents[1] / "seed" / "kotim.yaml"
# Of our example regency: what is not made up. Agencies keep their `demo` mark until their real numbers are entered.
REFERENCE = frozenset(
    {
        "agencies",
        "capabilities",
        "certifications",
        "dispositions",
        "districts",
        "escalation-policies",
        "holidays",
        "incident-types",
        "issuers",
        "reasons",
        "regency",
        "response-plans",
        "sms-templates",
        "sms-texts",
        "targets",
        "trainings",
    }
)


def fill_registry(seed: str, terminal: Terminal) -> None:
    """Load a regency into an empty registry: `reference`, `demo`, `none` or the path of a file like kotim.yaml.

    Without a wish it is asked. DeployError names every mistake of the file.
    """
    if "nouns" in marks() or RegistryCache().current().plans:
        return
    wish = seed or terminal.ask(
        "The registry is empty. Load `reference` (Kotim's districts, agencies, incident types, response plans and messages, "
        "without people and units), `demo` (all of it, invented people too), a file like infra/seed/kotim.yaml, or `none`?",
        "SEED=reference",
        "reference",
    )
    if wish == "none":
        terminal.step("registry: left empty; no call can be taken before there are response plans")
        return
    for line in load(wish):
        terminal.step(f"registry: {line}")


def load(wish: str) -> Iterator[str]:
    """Load what was wished for, saying what was written; DeployError names every mistake of the file."""
    file = OURS if wish in ("reference", "demo") else Path(wish)
    try:
        seed = read(file)
    except SeedError as error:
        raise DeployError("The registry cannot be loaded:\n    " + "\n    ".join(error.errors)) from error
    if wish == "reference":
        yield f"{write_nouns(reference_of(seed))} entries of {file.name}, without people, stations and units"
        yield "the agencies' telephone numbers are invented: enter the real ones first (docs/deploying.md)"
        return
    yield f"{write_nouns(seed)} entries of {file.name}"
    yield f"{write_duty(seed)} entries of who is on duty when"


def reference_of(seed: Seed) -> Seed:
    """What of a seed holds for any stage: no people, no stations, no units, no accounts."""
    nouns = {noun: things for noun, things in seed.nouns.items() if noun in REFERENCE}
    nouns["agencies"] = [
        msgspec.structs.replace(each, head_id=None) for each in nouns["agencies"] if isinstance(each, Agency)
    ]
    return replace(seed, nouns=nouns, duty=[], accounts=[])
