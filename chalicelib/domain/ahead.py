"""What lies ahead in an agency's duty that somebody must see to: what is found each morning, and who is told of it when.

The agency's admin is told of what is new, its head on the next morning of what still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from msgspec import Struct
from msgspec.structs import replace

from . import times
from .coverage import Coverage
from .duty import Sheet, Stretch
from .registry import Language, Person

# `nobody`: the roster ends, and from a day on nobody at all is on duty. `unanswered`: a response plan has no full answer. `unpublished`: a month begins of
# which no sheet is published, in an agency that publishes them. `too_long`: somebody stands by at the station without a break.
# `certificate`: one ends.
Kind = Literal["nobody", "unanswered", "unpublished", "too_long", "certificate"]
# The worst first.
KINDS: tuple[Kind, ...] = get_args(Kind)
DAYS = 30
# So many days without anybody at their end are the end of a roster.
END_DAYS = 7
SOON_DAYS = 3
CERTIFICATE_DAYS = 60
# Who has been told of the same is told again after so many days, and each morning of what begins within `SOON_DAYS`.
AGAIN_DAYS = 7
Reader = Literal["admin", "head"]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to see to: about what (a month, a plan, a person and a certificate), and the local day on which it begins."""

    kind: Kind
    about: str
    day: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.about}"


class Told(Struct, frozen=True, kw_only=True):
    """On which local day an agency's admin and its head were last told of a finding, '' for never."""

    admin: str = ""
    head: str = ""


class Morning(Struct, frozen=True, kw_only=True):
    """What was found of an agency on a local day, and who has been told of what by then; `unheard`: there is nobody to tell."""

    agency_id: str
    day: str
    findings: tuple[Finding, ...] = ()
    told: Mapping[str, Told] = {}
    unheard: bool = False


class Roster(NamedTuple):
    """An agency's duty by local day from yesterday on, the months of which a sheet is published, and whether it has units."""

    units: bool
    by_day: Mapping[str, Sequence[Stretch]]
    sheets: Mapping[str, Sheet]
    utc_offset_hours: int


def found(
    now: str, roster: Roster, people: Iterable[Person], coverage: Coverage | None, hours_most: int
) -> tuple[Finding, ...]:
    """What lies ahead, the worst first; no plans without an answer where no coverage is known.

    Nobody should stand by at the station for more than `hours_most` on end.
    """
    today = times.local_day(now, roster.utc_offset_hours)
    all_found = [
        *_nobody(today, roster),
        *(_unanswered(now, coverage, roster.utc_offset_hours) if coverage else ()),
        *_unpublished(today, roster),
        *_too_long(today, roster, hours_most),
        *_certificates(today, people),
    ]
    return tuple(sorted(all_found, key=lambda each: (KINDS.index(each.kind), each.day, each.about)))


def _ahead(today: str, days: int) -> list[str]:
    found = [today]
    while len(found) <= days:
        found.append(times.day_after(found[-1]))
    return found


def _nobody(today: str, roster: Roster) -> Iterable[Finding]:
    """From when on no shift starts any more, of an agency with units; a free week-end is no end."""
    days = _ahead(today, DAYS)
    if not roster.units:
        return
    left = len(days) - max((at + 1 for at, day in enumerate(days) if roster.by_day.get(day)), default=0)
    if left >= END_DAYS:
        yield Finding(kind="nobody", about="", day=days[len(days) - left])


def _unanswered(now: str, coverage: Coverage, hours: int) -> Iterable[Finding]:
    today, seen = times.local_day(now, hours), set[str]()
    for plan, at, _ in coverage.gaps(now, times.plus(now, SOON_DAYS * 24 * 3600)):
        if plan.plan_id not in seen:
            seen.add(plan.plan_id)
            day = max(today, times.local_day(coverage.starts[at], hours))
            yield Finding(kind="unanswered", about=plan.plan_id, day=day)


def _unpublished(today: str, roster: Roster) -> Iterable[Finding]:
    """A month that begins within the days ahead, where this or the last month was published."""
    ahead = _ahead(today, DAYS)
    last = times.local_day(f"{today[:7]}-01T12:00:00Z", 0, -1)[:7]
    if not {today[:7], last} & roster.sheets.keys():
        return
    for day in ahead[1:]:
        if day.endswith("-01"):
            sheet = roster.sheets.get(day[:7])
            if sheet is None or not sheet.covers(day):
                yield Finding(kind="unpublished", about=day[:7], day=day)


def _too_long(today: str, roster: Roster, hours_most: int) -> Iterable[Finding]:
    """Whoever stands by at the station for longer than so many hours on end; who is on call sleeps at home."""
    own: dict[str, list[tuple[str, str]]] = {}
    for stretches in roster.by_day.values():
        for each in stretches:
            if each.readiness == "stationed":
                own.setdefault(each.person_id, []).append((each.starts_at, each.ends_at))
    for person_id, spans in sorted(own.items()):
        begins = ends = ""
        for starts_at, ends_at in sorted(spans):
            begins, ends = (
                (begins, max(ends, ends_at)) if begins and starts_at <= ends else (starts_at, ends_at)
            )
            if (times.between(begins, ends) or 0) > hours_most * 3600:
                day = max(today, times.local_day(begins, roster.utc_offset_hours))
                yield Finding(kind="too_long", about=person_id, day=day)
                break


def _certificates(today: str, people: Iterable[Person]) -> Iterable[Finding]:
    """Certificates that end, but for those of which somebody holds a longer one."""
    until = _ahead(today, CERTIFICATE_DAYS)[-1]
    for person in people:
        last: dict[str, str] = {}
        for held in person.certifications:
            last[held.certification_id] = max(last.get(held.certification_id, ""), held.expires_on)
        for id_, day in last.items():
            if today <= day <= until:
                yield Finding(kind="certificate", about=f"{person.id} {id_}", day=day)


def next_morning(
    before: Morning | None, today: str, findings: tuple[Finding, ...], agency_id: str
) -> Morning:
    """A morning before anybody is told: what was told of what still stands is remembered."""
    told = before.told if before else {}
    kept = {each.key: told[each.key] for each in findings if each.key in told}
    return Morning(agency_id=agency_id, day=today, findings=findings, told=kept)


def for_admin(morning: Morning) -> list[Finding]:
    """What the agency's admin is told of this morning: what is new, and what is due again."""
    return [each for each in morning.findings if _due(each, _told(morning, each).admin, morning.day)]


def for_head(morning: Morning, *, no_admin: bool) -> list[Finding]:
    """What its head is told of: what the admin was told of on a morning before, or all where there is no admin."""
    return [
        each
        for each in morning.findings
        if (no_admin or "" < _told(morning, each).admin < morning.day)
        and _due(each, _told(morning, each).head, morning.day)
    ]


def having_told(morning: Morning, reader: Reader, findings: Iterable[Finding]) -> Morning:
    """The morning once a reader has been told of these."""
    told = dict(morning.told)
    for each in findings:
        before = _told(morning, each)
        told[each.key] = (
            replace(before, admin=morning.day) if reader == "admin" else replace(before, head=morning.day)
        )
    return replace(morning, told=told)


def _told(morning: Morning, finding: Finding) -> Told:
    return morning.told.get(finding.key, Told())


def _due(finding: Finding, last: str, today: str) -> bool:
    if last == today:
        return False
    again = not last or times.local_day(f"{last}T12:00:00Z", 0, AGAIN_DAYS) <= today
    soon = today < finding.day <= times.local_day(f"{today}T12:00:00Z", 0, SOON_DAYS)
    return again or soon


MONTHS: dict[Language, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# How many there are, or when it begins.
WORDS: dict[Language, dict[Kind, tuple[str, str]]] = {
    "id": {
        "nobody": ("tanpa piket mulai {day}", "tanpa piket mulai {day}"),
        "unanswered": ("1 rencana tanpa jawaban", "{number} rencana tanpa jawaban"),
        "unpublished": ("{month} belum terbit", "{month} belum terbit"),
        "too_long": ("1 orang piket terlalu lama", "{number} orang piket terlalu lama"),
        "certificate": ("1 sertifikat akan berakhir", "{number} sertifikat akan berakhir"),
    },
    "en": {
        "nobody": ("nobody on duty from {day}", "nobody on duty from {day}"),
        "unanswered": ("1 plan without an answer", "{number} plans without an answer"),
        "unpublished": ("{month} not published", "{month} not published"),
        "too_long": ("1 person too long on duty", "{number} people too long on duty"),
        "certificate": ("1 certificate ends soon", "{number} certificates end soon"),
    },
}


def in_words(findings: Sequence[Finding], language: Language) -> str:
    """What is to be told in one SMS, the worst first: how many of each kind; nobody's name."""
    said = []
    for kind in KINDS:
        own = [each for each in findings if each.kind == kind]
        if own:
            one, more = WORDS[language][kind]
            day = own[0].day
            month = MONTHS[language][int(day[5:7]) - 1]
            said.append(
                (one if len(own) == 1 else more).format(
                    day=f"{int(day[8:])} {month}", month=month, number=len(own)
                )
            )
    return ", ".join(said)
