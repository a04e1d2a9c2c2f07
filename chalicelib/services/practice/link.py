"""The crew's own page in practice: the same page behind a link, with a code that no page of a crew has."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain.practice import MARK
from ...domain.registry import Account
from ...errors import NotFound
from ...models import practices
from ...models.conflicts import Passing
from ...models.registry import Snapshot
from ...observability import logger
from ..abuse import limits
from ..changes.writing import Actor, Written
from ..pages.answering import Linked, LinkStatus
from ..registry.units import must_reason
from ..response.following import CrewReport, reported
from .rehearsal import Rehearsal, changed, current


def is_practice(code: str) -> bool:
    """Whether a code is one of practice, by its first letter alone: no other costs a look."""
    return code.startswith(MARK)


def follow_link(world: World, registry: Snapshot, code: str, source: str) -> Linked:
    """What a practice link leads to; NotFound for a wrong code and, alike, for one of a round that is over."""
    account = _holder(world, registry, code, source)
    try:
        found = changed(world, registry, account, _opened)
    except Passing:
        logger.warning("opening not kept", extra={"account": account.id})
        found = _must(current(world, registry, account))
    return _linked(found)


def answer(
    world: World, registry: Snapshot, code: str, status: LinkStatus, reason: str, source: str
) -> Written:
    """Record what whoever practises says by the page of their own crew."""
    account = _holder(world, registry, code, source)
    must_reason(registry, reason, needed=status == "unable")

    def said(rehearsal: Rehearsal, now: str) -> None:
        linked = _linked(rehearsal)
        by = Actor(id=f"person:{linked.page.person_id}", source="link")
        report = CrewReport(
            assignment_id=linked.assignment.id, status=status, reason=reason, page_id=linked.page.id
        )
        decision = reported(world, rehearsal.registry, by, rehearsal.loaded, report, now)
        rehearsal.take(decision, by, now)

    found = changed(world, registry, account, said)
    return Written(incident=found.run.incident, decision=found.decision, events=found.events)


def _holder(world: World, registry: Snapshot, code: str, source: str) -> Account:
    """Whose round a code belongs to, the account's present one."""
    found = practices.of_link(code)
    account = registry.accounts.get(found[0]) if found else None
    if found is None or account is None or account.disabled:
        limits.wrong_link(world, source)
        raise NotFound("this link leads nowhere")
    run, _ = practices.of_account(account.id)
    if run is None or run.id != found[1]:
        raise NotFound("this link leads nowhere")
    return account


def _opened(rehearsal: Rehearsal, now: str) -> None:
    page = _linked(rehearsal).page
    if not page.opened_at:
        run = rehearsal.run
        rehearsal.run = replace(run, pages={**run.pages, page.id: replace(page, opened_at=now)})


def _linked(rehearsal: Rehearsal) -> Linked:
    run = rehearsal.run
    page, crew = next(iter(run.pages.values()), None), next(iter(run.assignments.values()), None)
    if page is None or crew is None or run.incident is None:
        raise NotFound("this link leads nowhere")
    return Linked(page=page, incident=run.incident, assignment=crew)


def _must(found: Rehearsal | None) -> Rehearsal:
    if found is None:
        raise NotFound("this link leads nowhere")
    return found
