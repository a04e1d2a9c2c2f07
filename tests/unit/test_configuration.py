"""The whole configuration out as YAML, and in again by the loader that a regency begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.configuration import as_yaml
from infra.seed.load import Seed, read

KOTIM = Path(__file__).parents[2] / "infra/seed/kotim.yaml"
NOW = "2026-11-30T03:00:00.000Z"


def by_id(seed: Seed) -> dict[str, dict[str, Any]]:
    return {noun: {each.id: each for each in things} for noun, things in seed.nouns.items()}  # type: ignore[attr-defined]


def again(nouns: dict[str, dict[str, Any]], tmp_path: Path) -> Seed:
    file = tmp_path / "configuration.yaml"
    file.write_text(as_yaml(nouns, NOW, 7), "utf-8")
    return read(file)


def test_what_is_taken_out_is_read_as_it_was(tmp_path: Path) -> None:
    seed = read(KOTIM)
    back = again(by_id(seed), tmp_path)
    assert by_id(back) == by_id(seed)
    assert (back.accounts, back.duty, back.utc_offset_hours) == ([], [], 7)


def test_names_and_words_that_yaml_would_take_for_something_else_come_back_as_they_were(
    tmp_path: Path,
) -> None:
    nouns = by_id(read(KOTIM))
    person = next(iter(nouns["personnel"].values()))
    for name in (
        "no",
        "Ya: #1",
        '\'Aisyah "Ais"',
        "0812",
        "1.5",
        "null",
        "É - {x}",
        "2027-01-01",
        "back\\slash",
    ):
        nouns["personnel"][person.id] = replace(person, name=name, nip="198001012005011001")
        (told,) = [each for each in again(nouns, tmp_path).nouns["personnel"] if each.id == person.id]  # type: ignore[attr-defined]
        assert (told.name, told.nip, told.demo) == (name, "198001012005011001", person.demo)  # type: ignore[attr-defined]
