"""How a page is found again without its incident: by its link, its reply code, or the provider's id of its message."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from msgspec import Struct
from pynamodb.expressions.condition import Condition

from ..domain.ids import fingerprint
from ..domain.page import Page
from ..domain.times import plus
from .conflicts import ConditionFailed
from .tables import IncidentItem
from .transactions import Put

# How long a reply code belongs to its page; afterwards another page may take it. Nobody reports on a message later either.
CODE_KEPT_S = 7 * 24 * 3600


class CodeOf(Struct, frozen=True, kw_only=True):
    """Which page a reply code, or a provider's id of a message, stands for."""

    incident: str
    page: str


def by_link(fingerprint: str) -> tuple[str, str, str] | None:
    """(incident id, page id, assignment id) of a link's fingerprint."""
    for item in IncidentItem.link_index.query(fingerprint, limit=1):
        if not item.pk.startswith("I#"):
            return None  # Somebody's standing link.
        # The index of a stack on one PC that was started before does not tell the assignment.
        assignment = item.assignment or _page_at(item).assignment_id
        return item.pk[2:], item.sk[2:], assignment
    return None


def _page_at(item: IncidentItem) -> Page:
    return msgspec.json.decode(IncidentItem.get(item.pk, item.sk, consistent_read=True).doc, type=Page)


def by_reply(code: str) -> tuple[str, str] | None:
    """(incident id, page id) of a reply code, None for one that no page has or had lately."""
    return _page_of(f"K#{code}", "K")


def by_message(message_id: str) -> list[tuple[str, str]]:
    """(incident id, page id) of each page whose message has this id: two modems may count alike, or one begin again."""
    found = IncidentItem.query(f"M#{fingerprint(message_id)}", consistent_read=True)
    codes = (msgspec.json.decode(item.doc, type=CodeOf) for item in found)
    return list(dict.fromkeys((each.incident, each.page) for each in codes))


def _page_of(pk: str, sk: str) -> tuple[str, str] | None:
    try:
        found = msgspec.json.decode(IncidentItem.get(pk, sk, consistent_read=True).doc, type=CodeOf)
    except IncidentItem.DoesNotExist:
        return None
    return found.incident, found.page


def keep_message(message_id: str, page: Page, now: str) -> None:
    """Keep which page a provider's message is, for reports that name nothing else."""
    doc = _doc(page)
    due_at = plus(now, CODE_KEPT_S)
    IncidentItem(pk=f"M#{fingerprint(message_id)}", sk=f"M#{page.id}", doc=doc, due_at=due_at).save()


def claim(page: Page, now: str) -> Put:
    """What claims a page's reply code; when another page holds it, the transaction fails and is decided again with another."""
    item = IncidentItem(pk=f"K#{page.reply}", sk="K", v=1)
    item.doc = _doc(page)
    # Without a `due_key` it stands in no index.
    item.due_at = plus(now, CODE_KEPT_S)
    free: Condition = IncidentItem.pk.does_not_exist() | (IncidentItem.due_at < now)
    return item.pk, item, free


def forget(page: Page) -> None:
    """Delete by what else a page was found; a code that another page has taken meanwhile stays that page's."""
    messages = [f"M#{fingerprint(each.message_id)}" for each in page.attempts if each.message_id]
    # The release before kept one page a message.
    places = [(pk, sk) for pk in messages for sk in (f"M#{page.id}", "M")]
    if page.reply:
        places.append((f"K#{page.reply}", "K"))
    for pk, sk in places:
        with suppress(ConditionFailed):
            IncidentItem(pk=pk, sk=sk).delete(condition=IncidentItem.doc == _doc(page))


def _doc(page: Page) -> str:
    return msgspec.json.encode(CodeOf(incident=page.incident_id, page=page.id)).decode()
