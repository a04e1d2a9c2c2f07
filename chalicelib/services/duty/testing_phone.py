"""Whether a person's phone gets our SMS: one real SMS to it, marked as a test, some a day, and what came back."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import times
from ...domain.notice import Notice, Word
from ...errors import TooMany
from ...models import keys
from ...models.keys import Count
from ..notices.people import tell_person, what_became
from .own_link import Own, keep

KIND = "duty_test"
A_DAY = 3
# Who waits for it stands with the phone in the hand.
OF_USE_S = 1800


def test_phone(world: World, own: Own, key: str) -> None:
    """Order the SMS; the same key is one SMS. TooMany once a day's worth was ordered."""
    person, now, hours = own.person, world.clock.now(), world.settings.utc_offset_hours
    if what_became(person.id, KIND, key):
        return
    what = f"{KIND}\n{person.id}\n{times.local_day(now, hours)}"
    if keys.read([what])[what] >= A_DAY:
        raise TooMany("a phone is tested no more often", retry_after_s=3600)
    keys.add(Count(what=what, kept_s=2 * 86400), now)
    clock = times.local_clock(now, hours)
    word = Word(KIND, key, {"at": clock.replace(":", ".") if person.language == "id" else clock}, OF_USE_S)
    keep(world, own.link, tested=key)
    tell_person(world, person.id, word, f"person:{person.id}")


def last_test(own: Own) -> Notice | None:
    """What became of the last test, None if there was none within a month."""
    return what_became(own.person.id, KIND, own.link.tested) if own.link.tested else None
