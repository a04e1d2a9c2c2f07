"""What callers say finds its type, and where they say it happened its district, in the regency's seed by the site's own finder."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import to_builtins

from chalicelib.domain.registry import IncidentType
from infra.seed.load import Seed, read

REPO = Path(__file__).parents[2]
Find = Callable[[str, list[str]], list[list[str]]]


@pytest.fixture(scope="module")
def seed() -> Seed:
    return read(REPO / "infra/seed/kotim.yaml")


@pytest.fixture(scope="module")
def find(seed: Seed) -> Find:
    """Ids in the order in which a field offers them, for each text typed into it."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "Node is missing: it comes with the development requirements"
    nouns = ("districts", "incident-types")
    registry = {noun.replace("-", "_"): to_builtins(seed.nouns[noun]) for noun in nouns}

    def finding(options: str, typed: list[str]) -> list[list[str]]:
        given = json.dumps({"registry": registry, "options": options, "typed": typed})
        run = [node, str(REPO / "tests/support/finder.mjs")]
        done = subprocess.run(run, input=given, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        found: list[list[str]] = json.loads(done.stdout)
        return found

    return finding


def table(name: str) -> dict[str, set[str]]:
    """What is typed, and the ids of which one is meant."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return {typed: set(meant.split(",")) for typed, meant in (line.split("\t") for line in lines)}


def test_what_callers_say_finds_its_type_among_the_first_three(find: Find) -> None:
    words = table("callers_words.tsv")
    assert len(words) > 300
    found = find("typeOptions", list(words))
    missed = [
        (typed, got[:3]) for typed, got in zip(words, found, strict=True) if not words[typed] & set(got[:3])
    ]
    assert missed == []


def test_every_word_of_the_registry_finds_its_own_type_among_the_first_three(seed: Seed, find: Find) -> None:
    words = [
        (word, type_.id)
        for type_ in seed.of(IncidentType)
        for word in (*type_.words, type_.label.id, type_.label.en)
    ]
    found = find("typeOptions", [word for word, _ in words])
    missed = [(word, id_) for (word, id_), got in zip(words, found, strict=True) if id_ not in got[:3]]
    assert missed == []


def test_one_slip_of_the_finger_hides_nothing(seed: Seed, find: Find) -> None:
    slips = random.Random(112)
    # Of every third word: how many are missed is a share, and each is looked for among all the words of the registry.
    words = [
        (slipped(word, slips), type_.id)
        for type_ in seed.of(IncidentType)
        for word in type_.words
        if len(word) > 5
    ][::3]
    found = find("typeOptions", [word for word, _ in words])
    missed = [word for (word, id_), got in zip(words, found, strict=True) if id_ not in got[:3]]
    assert len(missed) < len(words) * 0.03, missed


def slipped(text: str, slips: random.Random) -> str:
    """The text with two letters swapped, one left out, doubled or another, not the first of a word."""
    places = [n for n in range(1, len(text) - 1) if text[n - 1 : n + 2].isalpha()]
    at = slips.choice(places) if places else 1
    a, b = text[at], text[at + 1]
    slip = slips.choice([b + a, b, a + a + b, slips.choice("aeioukngrst") + b])
    return text[:at] + slip + text[at + 2 :]
