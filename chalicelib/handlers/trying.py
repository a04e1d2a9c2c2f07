"""Rules tried: who would be paged for something somewhere at some time; nothing is written, nobody is paged."""

from __future__ import annotations

from ..services.registry import trying
from .answers.trying import TrialAnswer
from .bodies.trying import TryQuery
from .http import Answers, Api, Context, Takes
from .reading import instant

api = Api(__name__)


@api.on("GET", "/api/rules/try", takes=Takes(query=TryQuery), answers=Answers(TrialAnswer), decides=True)
def try_rules(context: Context) -> TrialAnswer:
    """Who would be sent and paged, by which rule, and why not the others; an agency sees its own people and units."""
    query: TryQuery = context.query
    asked = trying.Asked(
        type_id=query.type,
        district=query.district,
        terrain=query.terrain,
        at=instant(query.at, "at") if query.at else None,
    )
    found = trying.try_rules(context.world, context.registry, asked)
    return TrialAnswer.of(found, context.registry, context.user)
