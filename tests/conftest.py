"""The environment of all tests: a region, no real credentials, a secret that is none."""

from __future__ import annotations

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

os.environ.update(
    AWS_DEFAULT_REGION="ap-southeast-3",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    LINK_SECRET="a secret of the tests, which guards nothing",
    STAGE="test",
    PUBLIC_URL="https://112.test",
    POWERTOOLS_LOG_LEVEL="CRITICAL",
)

from hypothesis import HealthCheck, settings

# No test passes or fails by the clock: a busy machine is not a fault.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Each has one stack, or one emulator, for all its stories.
AT_ONE_WORKER = {"browser", "deploy", "stack"}


class _Rooms(LoadScopeScheduling):  # type: ignore[misc]
    """A worker gets whole files, or the whole folder where its stories share something costly."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        folder = file.split("/")[1]
        return folder if folder in AT_ONE_WORKER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Rooms | None:
    """Our own division where whole scopes are asked for (`--dist loadscope`)."""
    return _Rooms(config, log) if config.getvalue("dist") == "loadscope" else None
