"""`make package`: writes to `build/` all that would be deployed: both templates, the functions' package, the site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from chalice.package import YAMLTemplateSerializer

from admin_site import build as site

REPO = Path(__file__).resolve().parents[1]
BUILD = REPO / "build"
RUNTIME = "python3.11"
REGION = "ap-southeast-3"
# What chalice packages, and what says how.
STAGED = ("app.py", "chalicelib", "requirements.txt", ".chalice", "infra/application.yaml")
# The function that knows what a workbook is has a package of its own, with nothing that dispatches.
WORKBOOKS = "workbooks.zip"
OF_WORKBOOKS = (
    "chalicelib/__init__.py",
    "chalicelib/domain",
    "chalicelib/errors.py",
    "chalicelib/faults.py",
    "chalicelib/gateways/__init__.py",
    "chalicelib/gateways/s3.py",
    "chalicelib/gateways/workbooks.py",
    "infra/__init__.py",
    "infra/sheets",
    "infra/workbooks",
)
# Of large folders only what functions import: the services that they ask, and no framework that we do not use.
KEPT_WITHIN = {
    "botocore/data/": (
        "cloudwatch/",
        "cognito-idp/",
        "dynamodb/",
        "s3/",
        "sns/",
        "sqs/",
        "endpoints.json",
        "partitions.json",
        "_retry.json",
        "sdk-default",
    ),
    "aws_lambda_powertools/utilities/": ("__init__.py", "jmespath_utils/"),
    "aws_lambda_powertools/event_handler/": (),
    # Names of places, carriers and time zones: numbers are only parsed and written.
    "phonenumbers/carrierdata/": (),
    "phonenumbers/geodata/": (),
    "phonenumbers/shortdata/": ("__init__.py",),
    "phonenumbers/tzdata/": (),
}
# The earliest that a zip can say, so that the same input makes the same file.
WHEN = (1980, 1, 1, 0, 0, 0)
COMPRESSION = 9


class PackageError(Exception):
    """Nothing was packaged; the message is one line that says what to do."""


def main() -> None:
    """Make `build/` anew; one line a step."""
    try:
        check_python()
        out = package(REPO, BUILD)
    except PackageError as error:
        raise SystemExit(f"! {error}") from None
    size = (out / "deployment.zip").stat().st_size
    print(f"· functions        {out / 'deployment.zip'} ({size / 1e6:.1f} MB)")
    print(f"· workbooks        {out / WORKBOOKS} ({(out / WORKBOOKS).stat().st_size / 1e6:.1f} MB)")
    site.build(out / "site", REPO / "node_modules")
    print(f"· site             {out / 'site'}")


def check_python() -> None:
    """Refuse another minor than the functions run on: chalice takes the runtime of whichever Python packages."""
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if ours != RUNTIME:
        raise PackageError(
            f"The functions run on {RUNTIME} and this is {ours}: make .venv with {RUNTIME}, then make package"
        )


def package(project: Path, out: Path) -> Path:
    """Write `deployment.zip`, `workbooks.zip`, `application.json` and `data.json` of a project to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="kentongan-") as scratch:
        staged, made = Path(scratch) / "project", Path(scratch) / "made"
        stage(project, staged)
        run_chalice(staged, made)
        slim(made / "deployment.zip", out / "deployment.zip")
        write_template(made / "sam.yaml", out / "application.json")
        package_workbooks(project, Path(scratch) / "workbooks")
        slim(Path(scratch) / "workbooks.zip", out / WORKBOOKS)
    write_template(project / "infra" / "data.yaml", out / "data.json")
    return out


def stage(project: Path, staged: Path) -> None:
    """Copy what chalice packages: it takes whatever lies about, and what it packaged before."""
    leave = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for name in STAGED:
        source, target = project / name, staged / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=leave)
        else:
            shutil.copy(source, target)


def run_chalice(project: Path, out: Path, merge: str = "infra/application.yaml") -> None:
    """Let chalice package with our merge template and our pinned versions; PackageError with what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "AWS_DEFAULT_REGION": REGION,
        # It takes the newest of whatever requirements.txt does not name.
        "PIP_CONSTRAINT": str(REPO / "constraints.txt"),
    }
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", "live", str(out)]
    if merge:
        command += ["--merge-template", merge]
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    if ran.returncode or "Could not install" in ran.stdout + ran.stderr:
        raise PackageError(f"chalice could not package: {(ran.stdout + ran.stderr).strip()}")


def package_workbooks(project: Path, folder: Path) -> None:
    """Put what the workbooks' function imports into a folder, and that into a zip beside it; PackageError."""
    for name in OF_WORKBOOKS:
        source, target = project / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    requirements, pinned = project / "infra" / "workbooks" / "requirements.txt", REPO / "constraints.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--only-binary", ":all:"]
    command += ["--target", str(folder), "-r", str(requirements), "-c", str(pinned)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise PackageError(f"the workbooks' package could not be made: {(ran.stdout + ran.stderr).strip()}")
    shutil.rmtree(folder / "bin", ignore_errors=True)
    shutil.make_archive(str(folder), "zip", folder)


def write_template(source: Path, target: Path) -> None:
    """Write a YAML template as JSON, since CloudFormation takes no YAML aliases, which chalice writes."""
    template = YAMLTemplateSerializer().load_template(source.read_text("utf-8"), str(source))
    target.write_text(json.dumps(template, indent=1, ensure_ascii=False) + "\n", "utf-8")


def slim(source: Path, target: Path) -> None:
    """Keep of chalice's zip what the functions import, each module also compiled: Lambda could not keep what it compiles."""
    with TemporaryDirectory() as folder, zipfile.ZipFile(source) as whole:
        root = Path(folder)
        for name in sorted(whole.namelist()):
            if is_needed(name):
                whole.extract(name, root)
        compile_all(root)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as kept:
            for path in sorted(each for each in root.rglob("*") if each.is_file()):
                entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), WHEN)
                entry.compress_type = zipfile.ZIP_DEFLATED
                # Lambda's user is neither owner nor group.
                entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
                kept.writestr(entry, path.read_bytes())


def is_needed(name: str) -> bool:
    """Whether a file of chalice's zip belongs into ours."""
    if name.endswith(("/", ".pyc")):
        return False
    for folder, kept in KEPT_WITHIN.items():
        if name.startswith(folder):
            return bool(kept) and name.removeprefix(folder).startswith(kept)
    return True


def compile_all(root: Path) -> None:
    """Compile each module below a folder under the name that it will have in Lambda."""
    # Unchecked: nothing changes there, and a zip keeps no time to check by. In a process of its own with a fixed seed: what is
    # compiled depends on the order of sets and on what a process has compiled before.
    names = ["-s", str(root), "-p", "/var/task", str(root)]
    command = [
        sys.executable,
        "-m",
        "compileall",
        "-q",
        "-f",
        "--invalidation-mode",
        "unchecked-hash",
        *names,
    ]
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise PackageError(f"a module could not be compiled: {(ran.stdout + ran.stderr).strip()}")


if __name__ == "__main__":
    main()
