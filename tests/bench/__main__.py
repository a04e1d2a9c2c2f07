"""`make bench`: measures on this machine, prints each figure and keeps them in `.bench/latest.json`; passes whatever they are."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import burst, dispatch


def main() -> None:
    figures = {**dispatch.figures(), **burst.figures()}
    file = Path(".bench/latest.json")
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(figures, indent=1) + "\n")
    for name, value in figures.items():
        print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
