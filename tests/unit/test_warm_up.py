"""What a Lambda function builds while it is loaded, seen in a process of its own as `app` is imported once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import json, sys
import app
from chalicelib import bootstrap
made = bootstrap._world
print(json.dumps([made is not None, "client" in vars(made.sms) if made else False]))
"""


def loaded(**environment: str) -> list[bool]:
    """Whether the world is built, and the SNS client made, right after the import."""
    ran = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[bool] = json.loads(ran.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("function", ["send_pages", "send_bulk"])
def test_a_function_that_sends_pages_has_its_sns_client_before_the_first_page(function: str) -> None:
    assert loaded(AWS_LAMBDA_FUNCTION_NAME=f"kentongan-test-{function}") == [True, True]


def test_the_interface_makes_no_client_that_it_never_uses() -> None:
    assert loaded(AWS_LAMBDA_FUNCTION_NAME="kentongan-test-api") == [True, False]


def test_elsewhere_nothing_is_built_at_import() -> None:
    assert loaded(AWS_LAMBDA_FUNCTION_NAME="") == [False, False]


def test_a_wrong_setting_is_told_by_the_first_event_and_not_by_the_import() -> None:
    assert loaded(AWS_LAMBDA_FUNCTION_NAME="kentongan-test-api", LINK_SECRET="short") == [False, False]
