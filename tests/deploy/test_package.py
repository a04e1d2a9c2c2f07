"""The functions' package: whole without anything else installed, for the right machine, and nothing in it that no function imports."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from infra import package
from infra.local.stack import REPO
from tests.support.built import built

# Imports everything of ours, and makes what a function makes only when it first needs it.
EVERYTHING = """
import importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import app, chalicelib
for each in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(each.name)
from botocore.session import get_session
for service in ("dynamodb", "s3", "sns", "sqs"):
    get_session().create_client(service)
from chalicelib.domain.registry import UNSAID
from chalicelib.services.registry.phone_numbers import must_number
from chalicelib.observability import count, gauge
count("WrongLinks")
gauge({"Swept": 1})
print(must_number("0812-3456-7890", "number", UNSAID))
outside = {
    each.__file__ for each in list(sys.modules.values())
    if "site-packages" in (getattr(each, "__file__", None) or "")
}
print(json.dumps(sorted(outside)))
source_only = [
    name for name, each in sys.modules.items()
    if (getattr(each, "__file__", None) or "").startswith(sys.argv[1])
    and each.__spec__.cached and not __import__("os").path.exists(each.__spec__.cached)
]
print(json.dumps(source_only))
"""
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "ap-southeast-3",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_LAMBDA_FUNCTION_NAME": "kentongan-test-api",
    "LINK_SECRET": "x" * 32,
}


def names() -> list[str]:
    with zipfile.ZipFile(built() / "deployment.zip") as whole:
        return whole.namelist()


def test_all_that_a_function_may_import_is_there_and_compiled(tmp_path: Path) -> None:
    with zipfile.ZipFile(built() / "deployment.zip") as whole:
        whole.extractall(tmp_path)
    # Neither this environment's packages nor its variables.
    command = [sys.executable, "-S", "-E", "-B", "-c", EVERYTHING, str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-3:] == ["+6281234567890", "[]", "[]"]


def test_no_package_that_dispatches_knows_what_a_workbook_is_and_the_one_that_does_dispatches_nothing() -> (
    None
):
    format_ = {"openpyxl", "et_xmlfile", "defusedxml"}
    assert not {name.split("/")[0] for name in names()} & (format_ | {"infra"})
    with zipfile.ZipFile(built() / "workbooks.zip") as whole:
        own = whole.namelist()
    assert format_ <= {name.split("/")[0] for name in own}
    assert not [name for name in own if name.startswith(("app.", "pynamodb", "chalice/"))]
    rooms = {name.split("/")[1] for name in own if name.startswith("chalicelib/")} - {
        "__init__.py",
        "__pycache__",
    }
    assert rooms == {"domain", "errors.py", "faults.py", "gateways"}


def test_the_workbooks_package_reads_and_writes_with_nothing_else_installed(tmp_path: Path) -> None:
    with zipfile.ZipFile(built() / "workbooks.zip") as whole:
        whole.extractall(tmp_path)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from infra.workbooks import function\n"
        "from infra.workbooks.reading import read_workbook\n"
        "from infra.workbooks.writing import written\n"
        "from chalicelib.domain.sheets.workbooks import OrderedBook\n"
        "import openpyxl; assert openpyxl.DEFUSEDXML and not openpyxl.LXML\n"
        "function.Bucket('x')._client\n"
        "print(read_workbook(written(OrderedBook(title='a', rows=[['Nama'], ['Budi']]))).sheets[0].rows)"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-E", "-B", "-c", code, str(tmp_path)],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert (ran.stdout.strip(), ran.stderr) == ("[['Nama'], ['Budi']]", "")


def test_the_versions_are_the_pinned_ones() -> None:
    packaged = {name.split("/")[0] for name in names() if ".dist-info/" in name}
    assert packaged, "no package says its version"
    for folder in packaged:
        name, found = folder.removesuffix(".dist-info").rsplit("-", 1)
        assert found == version(name), name


def test_nothing_is_packaged_that_no_function_needs() -> None:
    top = {name.split("/")[0] for name in names()}
    assert not top & {
        "boto3",
        "s3transfer",
        "pip",
        "setuptools",
        "yaml",
        "infra",
        "tests",
        "docs",
        "admin_site",
        ".chalice",
    }
    services = {
        name.split("/")[2] for name in names() if name.startswith("botocore/data/") and name.count("/") > 3
    }
    assert services == {"cloudwatch", "cognito-idp", "dynamodb", "s3", "sns", "sqs"}
    assert {
        name for name in names() if name.startswith("chalicelib/") and not name.endswith((".py", ".pyc"))
    } == {
        f"chalicelib/templates/{each.name}"
        for each in (REPO / "chalicelib" / "templates").iterdir()
        if each.is_file()
    }


def test_what_is_compiled_to_machine_code_is_for_the_pinned_machine_and_minor() -> None:
    libraries = [name for name in names() if name.endswith(".so")]
    assert libraries
    for name in libraries:
        assert name.endswith(".cpython-311-x86_64-linux-gnu.so"), name


def test_the_same_input_makes_the_same_file(tmp_path: Path) -> None:
    """From chalice's zip on: what chalice makes differs in dates alone."""
    source, shuffled = built() / "deployment.zip", tmp_path / "shuffled.zip"
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(shuffled, "w") as other:
        for name in reversed(whole.namelist()):
            other.writestr(zipfile.ZipInfo(name, (2026, 11, 26, 3, 0, 0)), whole.read(name))
    package.slim(shuffled, tmp_path / "again.zip")
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (source, tmp_path / "again.zip")]
    assert digests[0] == digests[1]


def test_every_file_can_be_read_by_lambdas_user() -> None:
    with zipfile.ZipFile(built() / "deployment.zip") as whole:
        for entry in whole.infolist():
            assert entry.external_attr >> 16 & 0o444 == 0o444, entry.filename


def test_another_minor_of_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "RUNTIME", "python3.10")
    with pytest.raises(package.PackageError, match=r"run on python3\.10 and this is python3\.11"):
        package.check_python()


def test_what_chalice_cannot_package_is_told_in_its_words(tmp_path: Path) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "broken"}')
    (tmp_path / "app.py").write_text("import there_is_no_such_module\n")
    with pytest.raises(package.PackageError, match="there_is_no_such_module"):
        package.run_chalice(tmp_path, tmp_path / "out", merge="")
    assert not os.path.exists(tmp_path / "out" / "deployment.zip")
