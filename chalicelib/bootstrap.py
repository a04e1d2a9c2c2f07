"""Builds the outside world once a process: settings, clock, SMS provider, wake-ups, the registry's copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from . import types
from .config import Settings
from .domain.limits import Limits
from .domain.mint import Mint
from .gateways.clock import Clock, SystemClock
from .gateways.seals import BucketSeals, Seals
from .gateways.sign_ins import CognitoSignIns, SignIns
from .gateways.sms import SmsProvider
from .gateways.sms_provider import provider_from
from .gateways.sms_sns import SnsSms
from .gateways.spend_alarm import SpendAlarm
from .gateways.wakeups import SqsWakeups, Wakeups
from .gateways.workbooks import Bucket, Workbooks
from .models.duty_days import LastFrozen
from .models.heartbeats import Recent
from .models.open_incidents import OpenIncidents
from .models.registry import RegistryCache
from .observability import logger


@dataclass(frozen=True, kw_only=True)
class World:
    """All that a use case may touch besides the models."""

    settings: Settings
    clock: Clock
    sms: SmsProvider
    wakeups: Wakeups
    seals: Seals | None = None
    sign_ins: SignIns | None = None
    workbooks: Workbooks | None = None
    registry: RegistryCache = field(default_factory=RegistryCache)
    limits: Limits = field(default_factory=Limits)
    open_incidents: OpenIncidents = field(default_factory=OpenIncidents)
    frozen: LastFrozen = field(default_factory=LastFrozen)
    # The sweep's, and beside it in one request what waits for a person and when an SMS last left.
    swept: Recent = field(default_factory=lambda: Recent("sweep", "waiting", "left"))
    # Since when nobody replaces a process that hangs, None while somebody does; on AWS it is Lambda that does.
    unsupervised_since: Callable[[], str | None] = lambda: None
    # Whether the month's SMS limit nears, so that what is left is the pages'.
    sms_limit_near: Callable[[], bool] = lambda: False

    @property
    def mint(self) -> Mint:
        """What makes ids, salts and codes."""
        return Mint(self.clock, self.settings.link_secret, replies=self.settings.sms_replies)


# Functions that send pages at once; the sweep does so only when the queues are down.
SENDERS = ("-send_pages", "-send_bulk")
_world: World | None = None


def world() -> World:
    """The process's world, built at its first use."""
    global _world
    if _world is None:
        types.resolve()
        settings = Settings.from_env()
        clock = SystemClock()
        _world = World(
            settings=settings,
            clock=clock,
            registry=RegistryCache(clock.monotonic),
            sms=provider_from(settings),
            wakeups=SqsWakeups(
                {
                    "pages": settings.pages_queue_url,
                    "bulk": settings.bulk_queue_url,
                    "timers": settings.timers_queue_url,
                }
            ),
            seals=BucketSeals(settings.audit_bucket) if settings.audit_bucket else None,
            sign_ins=CognitoSignIns(settings.user_pool, mails=settings.sign_in_mails)
            if settings.user_pool
            else None,
            workbooks=Bucket(settings.workbooks_bucket) if settings.workbooks_bucket else None,
            sms_limit_near=SpendAlarm(settings.sms_spend_alarm, clock.monotonic).rings
            if settings.sms_spend_alarm
            else lambda: False,
        )
    return _world


def warm_up(function: str) -> None:
    """Build what the first event of a Lambda function would wait for; whatever fails is tried again, and told, by that event.

    While Lambda loads `app` it lends a whole processor, and afterwards 1 GB has 0.58 of one: a page would wait for the SNS
    client, 200 ms of a whole one and more.
    """
    try:
        made = world()
        if function.endswith(SENDERS) and isinstance(made.sms, SnsSms):
            made.sms.warm_up()
    except Exception:
        logger.exception("not warmed up")


def install(replacement: World) -> None:
    """Put another world in its place: the embedded stack's, or a test's."""
    global _world
    _world = replacement
