"""Whether what was deployed answers as it must, asked from outside as a browser asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

from infra.deploy.terminal import DeployError, Terminal

# A new distribution's name takes a while to be known everywhere.
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Check:
    """One request, and what is wrong with its answer: '' for nothing."""

    what: str
    path: str
    wrong: Callable[[requests.Response], str]


def _health(answer: requests.Response) -> str:
    checks = answer.json()["checks"]
    return "" if checks["database"]["ok"] else f"database: {checks['database']['detail']}"


def _config(answer: requests.Response) -> str:
    if answer.status_code != 200:
        return f"answered {answer.status_code}"
    return "" if answer.json()["oidc"]["client_id"] else "names no sign-in"


def _page(answer: requests.Response) -> str:
    if answer.status_code != 200:
        return f"answered {answer.status_code}"
    return "" if answer.headers.get("Content-Security-Policy") else "comes without a content security policy"


def _refused(answer: requests.Response) -> str:
    return "" if answer.status_code == 401 else f"answered {answer.status_code} to somebody without a token"


CHECKS = (
    Check("health", "/api/health", _health),
    Check("configuration", "/api/config", _config),
    Check("site", "/", _page),
    Check("incidents are guarded", "/api/incidents", _refused),
)


def run(url: str, terminal: Terminal, patience_s: float) -> None:
    """Ask everything until all is well; DeployError with what is wrong when patience ends."""
    deadline = time.monotonic() + patience_s
    while True:
        wrong = [f"{check.what}: {found}" for check in CHECKS if (found := _ask(url, check))]
        if not wrong:
            break
        if time.monotonic() > deadline:
            raise DeployError("What was deployed does not answer as it must:\n    " + "\n    ".join(wrong))
        terminal.waiting(f"not yet: {wrong[0]}")
        time.sleep(2)
    health = requests.get(f"{url}/api/health", timeout=30).json()
    for name, check in health["checks"].items():
        if not check["ok"]:
            terminal.note(f"health, {name}: {check['detail']}")


def _ask(url: str, check: Check) -> str:
    try:
        return check.wrong(requests.get(f"{url}{check.path}", timeout=30))
    except (requests.RequestException, ValueError, KeyError) as error:
        return f"no usable answer ({type(error).__name__})"
