"""A person's standing link: the way to their own duty without a sign-in, for as long as the phone is theirs and nobody withdraws it."""

from __future__ import annotations

from msgspec import Struct

from . import ids
from .events.digests import digest


class StandingLink(Struct, frozen=True, kw_only=True):
    """Of which generation a person's link is; `link` is the fingerprint of its code, and `number` a salted digest of the phone that
    it is for. Another phone is another generation, as whoever has the old one by then may be anybody. `calendar` is the fingerprint
    of another code, which shows the calendar and nothing else: it is given to whoever keeps calendars. `tested` is by which key the
    phone was tested last, `sent` what the last SMS with the link was about, '' for none.
    """

    person_id: str
    generation: int
    link: str
    number: str
    salt: str
    made_at: str
    calendar: str = ""
    tested: str = ""
    sent: str = ""

    def is_for(self, number: str) -> bool:
        return self.number == digest(self.salt, number)


def code_of(secret: str, person_id: str, generation: int) -> str:
    """The code in a person's link: keyed by the person and the generation, made again when it is sent, and stored nowhere."""
    return ids.link_code(secret, f"duty:{person_id}:{generation}")


def calendar_code_of(secret: str, person_id: str, generation: int) -> str:
    """The code of a person's calendar."""
    return ids.link_code(secret, f"calendar:{person_id}:{generation}")


def of_generation(
    secret: str, person_id: str, generation: int, number: str, salt: str, now: str
) -> StandingLink:
    """What is kept of a generation."""
    return StandingLink(
        person_id=person_id,
        generation=generation,
        link=ids.fingerprint(code_of(secret, person_id, generation)),
        number=digest(salt, number),
        salt=salt,
        made_at=now,
        calendar=ids.fingerprint(calendar_code_of(secret, person_id, generation)),
    )
