"""The one loop around whatever may meet others or a database that does not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from ...bootstrap import World
from ...errors import Busy, Unanswered
from ...models.conflicts import ConditionFailed, NotRead, Passing, Unconfirmed
from ...observability import logger

DEADLINE_S = 5.0
SHORTEST_PAUSE_S = 0.004
LONGEST_PAUSE_S = 0.06
CONTENDED = "others are changing the same; send it again"
REGISTRY_CONTENDED = "the registry is being changed; send it again"
UNANSWERED = "the database takes no writes now; send it again"

# What `retried` raises after the last try.
GAVE_UP = (Busy, Unanswered)

Result = TypeVar("Result")


class Try(NamedTuple):
    """One try: its instant, and why the one before it failed."""

    now: str
    failed: Passing | None


def retried(
    world: World, attempt: Callable[[Try], Result], contended: str = CONTENDED, *, begun: bool = False
) -> Result:
    """What `attempt` returns once it meets nobody and is answered, for 5 s.

    Then Busy with `contended` if nothing can have been written; Unanswered if a write's answer was lost, or a part of the
    whole was written before (`begun`).
    """
    failed: Passing | None = None
    for now in _instants(world):
        try:
            return attempt(Try(now, failed))
        except Passing as error:
            if not isinstance(error, ConditionFailed):
                told = {"cause": type(error).__name__, "detail": str(error)[:200]}
                logger.warning("not confirmed", extra=told)
            begun = begun or isinstance(error, Unconfirmed)
            failed = error
    why = UNANSWERED if isinstance(failed, NotRead | Unconfirmed) else contended
    raise (Unanswered(why) if begun else Busy(why)) from failed


def _instants(world: World) -> Iterator[str]:
    """When to try, for 5 s, with jittered pauses between.

    Short ones first: most often it was one other writer, such as the page function with what it has just sent.
    """
    clock = world.clock
    deadline = clock.monotonic() + DEADLINE_S
    pause = SHORTEST_PAUSE_S
    while True:
        yield clock.now()
        if clock.monotonic() >= deadline:
            return
        clock.sleep(pause * (0.5 + clock.random(1)[0] / 510))
        pause = min(LONGEST_PAUSE_S, 2 * pause)
