"""How large the functions' package is, and how soon a fresh process answers with it.

Beside it a bare Chalice application that makes one PynamoDB query is packaged by the same steps. Both start in turn, each time in
a new process that knows nothing but the package and the standard library, as in Lambda; the database is the embedded one.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from infra import package as packaging
from tests.bench.figures import Figure, Figures
from tests.support.dynamo import dynamodb
from tests.world.harness import Story

PAIRS = 20
BARE = """
from chalice import Chalice
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

app = Chalice(app_name="bare")


class Item(Model):
    class Meta:
        table_name = "kentongan-test-registry"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


@app.route("/")
def index():
    return {"found": len(list(Item.query("LIVE", Item.sk.startswith("unit"))))}
"""
CONFIG = {"version": "2.0", "app_name": "bare", "stages": {"live": {"autogen_policy": True}}}
# Lambda keeps no compiled module (-B), and nothing but the package is there to import (-S, -E).
PYTHON = (sys.executable, "-S", "-E", "-B", "-c")
START = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
import app
answer = app.app(json.loads(sys.argv[2]), None)
print(answer["statusCode"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Start(Struct):
    """One start: milliseconds from the process's making to its answer, and its peak memory in MB."""

    ms: float
    peak_mb: float


def package() -> Figures:
    """`package_mb`, `start_ratio` with the medians that it is made of."""
    with TemporaryDirectory(prefix="kentongan-") as folder, dynamodb():
        root = Path(folder)
        ours, size = _ours(root)
        bare = _bare(root)
        story = Story()
        story.empty()
        story.seed()
        board = _event("/api/incidents", "sub-operator")
        starts = [(_start(ours, board), _start(bare, _event("/"))) for _ in range(PAIRS)]
    ms = [statistics.median(each.ms for each in column) for column in zip(*starts, strict=True)]
    peak = [statistics.median(each.peak_mb for each in column) for column in zip(*starts, strict=True)]
    ratio = statistics.median(one.ms / other.ms for one, other in starts)
    return {
        "package_mb": Figure(round(size / 1e6, 1), says="what is uploaded; 250 MB unpacked is the limit"),
        "start_ratio": Figure(
            round(ratio, 2), PAIRS, f"{ms[0]:.0f} ms to the board over {ms[1]:.0f} ms bare"
        ),
        "start_ms": Figure(round(ms[0]), PAIRS, "a whole processor; 1 GB of Lambda is 0.58 of one"),
        "start_peak_mb": Figure(round(peak[0]), PAIRS, f"bare {peak[1]:.0f}"),
    }


def _ours(root: Path) -> tuple[Path, int]:
    made = packaging.package(packaging.REPO, root / "build") / "deployment.zip"
    return _unpacked(made, root / "ours"), made.stat().st_size


def _bare(root: Path) -> Path:
    project = root / "project"
    (project / ".chalice").mkdir(parents=True)
    (project / "app.py").write_text(BARE)
    (project / "requirements.txt").write_text("pynamodb\n")
    (project / ".chalice" / "config.json").write_text(json.dumps(CONFIG))
    packaging.run_chalice(project, root / "made", merge="")
    packaging.slim(root / "made" / "deployment.zip", root / "bare.zip")
    return _unpacked(root / "bare.zip", root / "bare")


def _unpacked(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(file) as whole:
        whole.extractall(folder)
    return folder


def _start(folder: Path, event: dict[str, Any]) -> Start:
    began = time.perf_counter()
    ran = subprocess.run(
        [*PYTHON, START, str(folder), json.dumps(event)], cwd=folder, capture_output=True, text=True
    )
    took = (time.perf_counter() - began) * 1000
    status, peak = ran.stdout.split() if not ran.returncode else ("", "0")
    if status != "200":
        raise RuntimeError(f"{folder.name} did not answer: {status} {ran.stderr[-2000:]}")
    return Start(took, int(peak) / 1024)


def _event(path: str, sub: str = "") -> dict[str, Any]:
    """A GET as API Gateway hands it over."""
    return {
        "httpMethod": "GET",
        "path": path,
        "resource": path,
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": "GET",
            "resourcePath": path,
            "path": path,
            "identity": {"sourceIp": "203.0.113.7"},
            "authorizer": {"claims": {"sub": sub}},
        },
        "body": None,
        "isBase64Encoded": False,
    }
