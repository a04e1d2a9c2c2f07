"""`make bench`: measures on this machine, prints each figure and keeps them in `.bench/latest.json`; passes whatever they are.

`python -m tests.bench intake board` measures those parts alone and leaves the other figures as they were.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench import burst, cost, dispatch, eight, floor, growth, life, package, registry
from tests.bench.figures import AIMS, Figures

FILE = Path(".bench/latest.json")
PARTS: dict[str, Callable[[], Figures]] = {
    "life": life.counted,
    "cost": cost.figures,
    "intake": dispatch.one_client,
    "eight": eight.eight_clients,
    "board": dispatch.board,
    "burst": burst.figures,
    "registry": registry.figures,
    "growth": growth.growth,
    "floor": floor.floor,
    "package": package.package,
}


def main(names: list[str]) -> None:
    """Measure these parts, all if none is named, and keep what was measured before of the others."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise SystemExit(f"No part named {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    kept: dict[str, Any] = json.loads(FILE.read_bytes()) if names and FILE.exists() else {}
    samples: dict[str, int] = kept.pop("samples", {})
    FILE.parent.mkdir(exist_ok=True)
    for part in names or PARTS:
        began = time.monotonic()
        # Each in a process of its own: tables keep to the first database that they have spoken to.
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            figures = alone.submit(PARTS[part]).result()
        print(f"\n{part} ({time.monotonic() - began:.0f} s)")
        for name, figure in figures.items():
            aim = AIMS.get(name, "")
            sampled = f"n={figure.n}" if figure.n else ""
            print(f"  {name:26} {figure.value:>10} {aim:14} {sampled:7} {figure.says}", flush=True)
            kept[name] = figure.value
            samples[name] = figure.n
        FILE.write_text(json.dumps({**kept, "samples": samples}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
