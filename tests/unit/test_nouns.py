"""The registry's forms follow from its types: every noun, field and choice has words in both languages, and what was read comes back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, to_builtins

from admin_site import catalogue, nouns
from chalicelib.domain.references import NOUN_OF_FIELD
from chalicelib.domain.registry import NOUNS, Label
from infra.seed.load import read

ROOT = Path(__file__).parents[2]
# Duties stand in a roster, not in a form.
ELSEWHERE = {"shifts"}
WORDS = nouns.Words("People and units", "thing", "things", "name")


class Untitled(Struct):
    """A thing with a field that nobody has words for."""

    name: Annotated[str, Meta(title="Name")]
    speed: int


def fields_of(described: dict[str, Any]) -> list[dict[str, Any]]:
    """All fields of a noun, those of its lists' elements too."""
    below = [each for field in described["fields"] if "fields" in field for each in fields_of(field)]
    return [*described["fields"], *below]


def test_every_noun_has_a_form() -> None:
    assert set(nouns.WORDS) == set(NOUNS) - ELSEWHERE


def test_every_word_of_every_form_is_there_in_both_languages() -> None:
    indonesian = {catalogue.ids(each)[0]: catalogue.forms(each)[0] for each in catalogue.read() if each.id}
    for noun, described in nouns.descriptors().items():
        said = [described["group"], described["one"], described["many"]]
        for field in fields_of(described):
            said += [field["title"], field.get("help", field["title"])]
            said += [choice["title"] for choice in field.get("choices", [])]
        assert all(said), noun
        assert [word for word in said if not indonesian.get(word)] == [], noun


def test_every_field_of_every_noun_stands_in_its_form() -> None:
    for noun, described in nouns.descriptors().items():
        shown = {field["name"] for field in described["fields"]}
        shown |= {"lng" for field in described["fields"] if field["kind"] == "point"}
        assert shown == set(NOUNS[noun].__struct_fields__) - nouns.UNSAID
        assert described["fields"][0]["name"] == described["called"]
        assert set(described["below"]) <= shown


def test_a_field_that_names_another_noun_is_picked_by_name() -> None:
    found = {
        field["name"]: field for described in nouns.descriptors().values() for field in fields_of(described)
    }
    for name, noun in NOUN_OF_FIELD.items():
        if name != "unit_id":  # Of duties alone.
            assert found[name]["kind"] in ("ref", "refs", "chips") and found[name]["noun"] == noun


def test_a_field_or_a_choice_without_words_is_no_form() -> None:
    class Unsaid(Struct):
        name: Annotated[Literal["land", "hovercraft"], Meta(title="Name")]

    class Odd(Struct):
        name: Annotated[dict[str, str], Meta(title="Name")]

    class Nested(Struct):
        name: Annotated[list[Untitled], Meta(title="Name")]

    for type_, why in ((Untitled, "speed"), (Unsaid, "hovercraft"), (Odd, "no kind"), (Nested, "speed")):
        with pytest.raises(nouns.Unworded, match=why):
            nouns.describe(type_, WORDS)


def test_each_kind_of_field_follows_from_its_type() -> None:
    class Thing(Struct):
        name: Annotated[str, Meta(title="Name", max_length=5)]
        label: Annotated[Label, Meta(title="Label")]
        lat: Annotated[float, Meta(title="Position")]
        lng: Annotated[float, Meta(title="Longitude")]
        agency_id: Annotated[str | None, Meta(title="Agency")] = None
        likes: Annotated[list[Literal["water", "land"]], Meta(title="Terrain", min_length=1)] = []

    described = nouns.describe(Thing, WORDS)["fields"]
    assert [field["kind"] for field in described] == ["text", "label", "point", "ref", "ticks"]
    assert described[0] == {"name": "name", "title": "Name", "kind": "text", "most": 5, "required": True}
    assert described[3] | {"title": ""} == {
        "name": "agency_id",
        "title": "",
        "kind": "ref",
        "noun": "agencies",
        "nullable": True,
        "default": None,
    }
    assert [choice["id"] for choice in described[4]["choices"]] == ["land", "water"]


def test_whatever_a_regency_has_goes_through_its_form_unchanged() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "Node is missing: it comes with the development requirements"
    seeded = {
        noun: [to_builtins(each) for each in things]
        for noun, things in read(ROOT / "infra/seed/kotim.yaml").nouns.items()
    }
    assert sum(map(len, seeded.values())) > 300
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ formOf, valueOf, differs }} from "{(ROOT / "admin_site/js/parts/noun-form.js").as_uri()}";
        const {{ nouns, seeded }} = JSON.parse(readFileSync(0, "utf-8"));
        const back = Object.fromEntries(Object.entries(seeded).map(([noun, things]) => [noun, things.map((thing) => {{
          const value = {{ id: thing.id, ...valueOf(nouns[noun].fields, formOf(nouns[noun].fields, thing)) }};
          if (nouns[noun].fields.some((field) => differs(field, thing, value))) throw new Error(`${{noun}}/${{thing.id}}`);
          return value;
        }})]));
        console.log(JSON.stringify(back));
    """
    run = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=json.dumps({"nouns": nouns.descriptors(), "seeded": seeded}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == seeded
