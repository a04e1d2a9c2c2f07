"""Whether the month's SMS limit nears, by the alarm that tells people so: what is left of it is the pages'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..observability import logger

CONNECT_S = 1
READ_S = 2
FRESH_S = 300.0


class SpendAlarm:
    """An alarm of CloudWatch's, asked each five minutes at most by a process; where it cannot be asked the day's budget bounds alone."""

    def __init__(self, name: str, monotonic: Callable[[], float]) -> None:
        self._name, self._monotonic = name, monotonic
        self._asked_at = float("-inf")
        self._rings = False
        self._client: Any = None

    def rings(self) -> bool:
        """Whether most of the month's limit is spent, as of the last five minutes."""
        if not 0 <= self._monotonic() - self._asked_at < FRESH_S:
            try:
                self._rings = self._ask()
                self._asked_at = self._monotonic()
            except Exception:
                logger.exception("spend alarm not read")
        return self._rings

    def _ask(self) -> bool:
        if self._client is None:
            from botocore.config import Config
            from botocore.session import get_session

            config = Config(connect_timeout=CONNECT_S, read_timeout=READ_S, retries={"total_max_attempts": 2})
            self._client = get_session().create_client("cloudwatch", config=config)
        found = self._client.describe_alarms(AlarmNames=[self._name])["MetricAlarms"]
        return any(each["StateValue"] == "ALARM" for each in found)
