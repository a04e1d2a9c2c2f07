"""The environment of all tests: a region, no real credentials, a secret that is none."""

from __future__ import annotations

import os

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
