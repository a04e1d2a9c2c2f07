"""A port that a test was given is taken by nobody before it is used: neither the kernel nor another run of the tests."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import dynamo, ports

TESTS = Path(__file__).parents[1]


def test_a_port_lies_below_those_that_linux_gives_to_whoever_asks_for_any() -> None:
    assert all(1024 < ports.free_ports(2) < 32767 for _ in range(20))


def test_a_port_is_kept_for_its_process_before_it_is_used_and_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = ports.free_ports(1)
    monkeypatch.setattr(random, "randrange", lambda *_: kept)
    other = f"""
import random
from tests.support import ports
random.randrange = lambda *_: {kept}
print(ports.free_ports(1))
"""
    with pytest.raises(OSError, match="no free ports"):
        ports.free_ports(1)
    done = subprocess.run(
        [sys.executable, "-c", other], cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert "no free ports" in done.stderr and done.stdout == ""


def test_the_tests_database_listens_on_such_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "")
    given = ports.free_ports(1)
    monkeypatch.setattr(dynamo, "free_ports", lambda _: given)
    with dynamo.dynamodb() as endpoint:
        assert endpoint == f"http://127.0.0.1:{given}"


def test_no_test_asks_for_any_port_and_lets_it_go_again() -> None:
    """A server that listens itself may have any port; one that is found, closed and handed to another process is lost."""
    found = [
        f"{file.relative_to(TESTS)}:{node.lineno}"
        for file in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and _binds_any_port(node)
    ]
    assert found == []


def _binds_any_port(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "bind" and call.args):
        return False
    address = call.args[0]
    return isinstance(address, ast.Tuple) and ast.unparse(address.elts[-1]) == "0"
