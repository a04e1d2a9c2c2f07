"""Every refused field has a code: one table, which all that is raised, the site's two languages and the docs follow."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest

from admin_site import catalogue
from chalicelib import errors
from chalicelib.errors import KentonganError
from chalicelib.faults import SENTENCES, Fault
from chalicelib.handlers.fitting import CODES, TOLD_MOST, invalid

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "chalicelib").rglob("*.py"))
TABLE = ROOT / "chalicelib/faults.py"
SPOKEN_FOR_PEOPLE = (ROOT / "admin_site/js/parts/fault-words.js").as_uri()


def names_of(code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[Path, Any]]:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield file, node


def made() -> Iterator[tuple[str, ast.expr, ast.expr | None]]:
    """Where a fault is made, with its code and its values."""
    for file, node in nodes(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "Fault":
            assert not {each.arg for each in node.keywords} - {"about"}, "path, code and values by position"
            yield f"{file.name}:{node.lineno}", node.args[1], node.args[2] if len(node.args) > 2 else None


def words(messages: dict[str, Any], language: str) -> dict[str, str]:
    """What the site says of every code that it knows; a value is its own name, and a time an instant."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "Node is missing: it comes with the development requirements"
    values = {code: {name: f"<{name}>" for name in names_of(code)} for code in SENTENCES}
    for code, name in (("before_step", "time"), ("drill_free_at", "at"), ("number_blocked", "until")):
        values[code][name] = "2026-11-23T03:00:00.000Z"
    values["ended"]["status"], values["kept"]["reason"] = "closed", "open"
    script = f"""
        import {{ FAULT_CODES, faultWord }} from "{SPOKEN_FOR_PEOPLE}";
        import {{ setWording }} from "{(ROOT / "admin_site/js/parts/i18n.js").as_uri()}";
        setWording({json.dumps(messages)}, "{language}");
        const values = {json.dumps(values)};
        const word = (code) => faultWord({{ path: "a", code, values: values[code] || {{}}, about: "" }});
        console.log(JSON.stringify(Object.fromEntries(FAULT_CODES.map((code) => [code, word(code)]))));
    """
    run = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, timeout=240, check=False
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return words({}, "en")


@pytest.fixture(scope="module")
def indonesian() -> dict[str, str]:
    return words(catalogue.script_messages(catalogue.read()), "id")


def test_the_site_has_every_code_and_no_other_in_both_languages(
    english: dict[str, str], indonesian: dict[str, str]
) -> None:
    assert set(english) == set(indonesian) == set(SENTENCES)
    for code in SENTENCES:
        assert english[code] not in ("", code), code
        assert indonesian[code] not in ("", code, english[code]), code


@pytest.mark.parametrize("language", ["english", "indonesian"])
def test_the_sites_sentences_want_no_value_that_the_code_does_not_have(
    language: str, request: pytest.FixtureRequest
) -> None:
    for code, sentence in request.getfixturevalue(language).items():
        assert "undefined" not in sentence, code
        # {link} is what an officer has to write.
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= {"link"}, code


def test_every_fault_that_is_made_has_a_code_of_the_table_and_the_values_of_its_sentence() -> None:
    found = list(made())
    assert len(found) > 100
    for where, code, values in found:
        if not isinstance(code, ast.Constant):
            continue  # Chosen at run time; the next test holds what it is chosen from.
        assert code.value in SENTENCES, where
        if values is None or isinstance(values, ast.Dict):
            keys = values.keys if isinstance(values, ast.Dict) else []
            if all(isinstance(key, ast.Constant) for key in keys):
                assert {key.value for key in keys} >= names_of(str(code.value)), where  # type: ignore[union-attr]


def test_no_code_stands_in_the_table_that_nothing_ever_says() -> None:
    said = {node.value for file, node in nodes(ast.Constant) if file != TABLE and isinstance(node.value, str)}
    assert set(SENTENCES) - said == set()
    for _, code, value in CODES:
        assert names_of(code) == ({value} if value else set())


def test_an_error_names_a_field_by_a_fault_alone() -> None:
    with pytest.raises(TypeError):
        errors.Conflict("no", fields={"id": "is gone"})  # type: ignore[call-arg]
    classes = {name for name, each in vars(errors).items() if _is_error(each)}
    for file, node in nodes(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in classes - {"SmsUnavailable", "SmsBarred"}:
            for each in node.args[1:]:
                assert not isinstance(each, ast.Dict | ast.JoinedStr | ast.Constant), f"{file}:{node.lineno}"


def _is_error(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, KentonganError)


def test_what_people_read_in_english_follows_from_the_faults() -> None:
    error = errors.Conflict(
        "no", Fault("a", "required"), Fault("a", "too_long", {"most": "5"}), Fault("b", "last", about="c/d")
    )
    assert error.fields == {
        "a": "is required; has more than 5 characters",
        "c/d.b": "is the last of its kind",
    }


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    error = invalid([Fault(f"f{n}", "unknown_field") for n in range(TOLD_MOST + 7)])
    assert len(error.fields) == TOLD_MOST
    assert error.message.endswith(" and 7 more")


def test_a_code_of_another_release_is_read() -> None:
    told = msgspec.json.decode(b'{"path": "a", "code": "unheard_of", "values": {"n": "1"}}', type=Fault)
    assert (told.code, told.values) == ("unheard_of", {"n": "1"})


def test_the_docs_have_the_same_table() -> None:
    page = (ROOT / "docs/fault-codes.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE) == list(SENTENCES.items())
