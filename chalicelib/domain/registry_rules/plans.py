"""Incident types with their questions, response plans, escalation, targets, and the words of reasons and SMS."""

from __future__ import annotations

from collections.abc import Iterator

from ...faults import Fault
from ..portions import UNITS_MOST
from ..registry import EscalationPolicy, IncidentType, Reason, ResponsePlan, SmsTemplate, SmsText, Target
from ..replies import refused_words
from ..sms import template_faults
from ..sms_texts import TEXTS
from .book import Book
from .places import spoken

# With fewer there is nothing to choose.
FEWEST_OPTIONS = 2


def plan(plan: ResponsePlan, book: Book) -> Iterator[Fault]:
    if (plan.type_id is None) == (plan.category is None):
        yield Fault("type_id", "type_or_category")
    seen = set[str]()
    for level_number, level in enumerate(plan.levels):
        if sum(need.units for need in level.needs) > UNITS_MOST:
            yield Fault(f"levels[{level_number}].needs", "too_many_units", {"most": str(UNITS_MOST)})
        for need_number, need in enumerate(level.needs):
            path = f"levels[{level_number}].needs[{need_number}]"
            if need.id in seen:
                yield Fault(f"{path}.id", "need_twice", {"id": need.id})
            seen.add(need.id)
            terrain = need.terrain or plan.terrain
            for number, agency_id in enumerate(need.agencies):
                if not any(
                    unit.agency_id == agency_id
                    and not book.gone(unit)
                    and need.capability in (None, *unit.capabilities)
                    and (terrain is None or terrain in unit.terrains)
                    for unit in book.of("units").values()
                ):
                    wanted = {"capability": need.capability or "any", "terrain": terrain or "any terrain"}
                    yield Fault(
                        f"{path}.agencies[{number}]",
                        "no_unit",
                        {"agency": agency_id, **wanted},
                    )


def policy(policy: EscalationPolicy, book: Book) -> Iterator[Fault]:
    seen = set[int]()
    for number, each in enumerate(policy.silence):
        if each.priority in seen:
            yield Fault(f"silence[{number}].priority", "priority_twice", {"priority": str(each.priority)})
        seen.add(each.priority)


def type(type_: IncidentType, book: Book) -> Iterator[Fault]:
    yield from spoken(type_, book)
    for number, question in enumerate(type_.questions):
        path = f"questions[{number}]"
        if question.id in (each.id for each in type_.questions[:number]):
            yield Fault(f"{path}.id", "twice")
        options = [each.id for each in question.options]
        if question.kind == "choice" and len(options) < FEWEST_OPTIONS:
            yield Fault(f"{path}.options", "too_few", {"least": str(FEWEST_OPTIONS)})
        for place, option in enumerate(options):
            if option in options[:place]:
                yield Fault(f"{path}.options[{place}].id", "twice")


def target(target: Target, book: Book) -> Iterator[Fault]:
    if target.until_ready and target.clock != "response":
        yield Fault("until_ready", "of_response_only")


def reason(reason: Reason, book: Book) -> Iterator[Fault]:
    for path, (code, values) in refused_words(reason, book.of("reasons").values()).items():
        yield Fault(path, code, values)


def template(template: SmsTemplate, book: Book) -> Iterator[Fault]:
    for code, values in template_faults(template.body, template.kind):
        yield Fault("body", code, values)


def text(text: SmsText, book: Book) -> Iterator[Fault]:
    if text.kind not in TEXTS:
        yield Fault("kind", "not_a_choice")
        return
    for code, values in template_faults(text.body, text.kind):
        yield Fault("body", code, values)
    for other in book.of("sms-texts").values():
        if other.id != text.id and (other.kind, other.language) == (text.kind, text.language):
            yield Fault("kind", "text_twice", {"id": other.id})
