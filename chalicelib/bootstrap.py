"""Builds the outside world once a process: settings, clock, SMS provider, wake-ups, the registry's copy."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import types
from .config import Settings
from .domain.limits import Limits
from .gateways.clock import Clock, SystemClock
from .gateways.sms import SmsProvider, provider_from
from .gateways.wakeups import SqsWakeups, Wakeups
from .models.open_incidents import OpenIncidents
from .models.registry import RegistryCache


@dataclass(frozen=True, kw_only=True)
class World:
    """All that a use case may touch besides the models."""

    settings: Settings
    clock: Clock
    sms: SmsProvider
    wakeups: Wakeups
    registry: RegistryCache = field(default_factory=RegistryCache)
    limits: Limits = field(default_factory=Limits)
    open_incidents: OpenIncidents = field(default_factory=OpenIncidents)


_world: World | None = None


def world() -> World:
    """The process's world, built at its first use."""
    global _world
    if _world is None:
        types.settle()
        settings = Settings.from_env()
        _world = World(
            settings=settings,
            clock=SystemClock(),
            sms=provider_from(settings),
            wakeups=SqsWakeups(
                {
                    "pages": settings.pages_queue_url,
                    "bulk": settings.bulk_queue_url,
                    "timers": settings.timers_queue_url,
                }
            ),
        )
    return _world


def install(replacement: World) -> None:
    """Put another world in its place: the embedded stack's, or a test's."""
    global _world
    _world = replacement
