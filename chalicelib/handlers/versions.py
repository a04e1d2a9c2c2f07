"""The history of a thing of the registry over HTTP, and putting one of its versions back."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from ..errors import Forbidden
from ..services.registry import keeping, versions
from ..services.registry.keeping import Hand
from ..services.registry.versions import Story
from .access import AGENCY_NOUNS, bound_agency, must_own
from .answers.versions import History
from .bodies.registry import HistoryQuery, RestoreBody
from .http import Answers, Api, Context, Takes
from .registry import agency_and_day, may_read, may_write, must_be, must_match

api = Api(__name__)
AT_ONCE = 20


@api.on(
    "GET",
    "/api/registry/{noun}/{id_}/history",
    takes=Takes(query=HistoryQuery),
    answers=Answers(History),
)
def history(context: Context, noun: str, id_: str) -> History:
    """Every version of a thing, newest first, twenty at a time: who, when, why, before and after; also of one that was removed.

    A shift's is named by its agency and day.
    """
    may_read(context.user, keeping.must_noun(noun))
    day = agency_and_day(context) if noun == "shifts" else ("", "")
    story = versions.story_of(noun, versions.key_of(noun, id_, *day))
    _may_see(context, noun, story)
    before = context.query.before
    found = [each for each in reversed(story.versions) if before is None or each.v < before]
    return History.of(
        found[:AT_ONCE],
        context.registry,
        context.user,
        whole=story.whole,
        more=len(found) > AT_ONCE,
    )


@api.on("POST", "/api/registry/{noun}/{id_}/restore", takes=Takes(RestoreBody))
def restore(context: Context, noun: str, id_: str) -> dict[str, Any]:
    """Put a version back, as a new one; `If-Match` is the version that was read, of what was removed its last.

    It is checked like any change, and the same again is answered like the first.
    """
    body: RestoreBody = context.body
    if noun == "shifts":
        keeping.find(context.registry, noun, id_)
    story = versions.story_of(keeping.must_noun(noun), versions.key_of(noun, id_))
    _may_see(context, noun, story)
    value = versions.value_of(story, body.v)
    may_write(context.user, noun, value)
    expected = must_match(context.request)
    last = story.versions[-1].v
    if expected == str(last - 1) and story.stands and value == story.versions[-1].after:
        return {"v": last, **to_builtins(value)}
    must_be(expected, last)
    known = None
    if story.stands:
        before, known = keeping.find(context.registry, noun, id_)
        may_write(context.user, noun, before)
        must_be(expected, known)
    hand = Hand(context.actor.id, body.why, of=body.v)
    written = keeping.put(context.world, context.registry, noun, value, known=known, hand=hand)
    return {"v": written, **to_builtins(value)}


def _may_see(context: Context, noun: str, story: Story) -> None:
    """An agency sees what is its own, or was when it was removed."""
    if noun not in AGENCY_NOUNS or bound_agency(context.user) is None:
        return
    if story.last is None:
        raise Forbidden("nobody knows any more whose this was")
    must_own(context.user, story.last.agency_id)
