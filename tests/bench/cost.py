"""What a deployment costs at published prices: the counted requests of `life` times unit prices, so that no figure drifts.

Prices are what AWS asks in US dollars before taxes, without the SMS. Jakarta's own (ap-southeast-3) were found for Lambda alone;
where another region's stands in its place, the price says so. What nobody can count here is an assumption with a name below, and
docs/cost.md says which of them only AWS can show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import get_args

from msgspec import Struct

from chalicelib.domain.times import plus
from chalicelib.handlers import events
from chalicelib.models import tables
from chalicelib.observability import Counted, Gauge
from chalicelib.services.evidence.retention import erase_incident
from tests.bench.figures import Figure, Figures
from tests.bench.life import LIFE, Ledger, Use, around, life
from tests.support.dynamo import dynamodb
from tests.world.harness import Story


class Price(Struct, frozen=True, kw_only=True):
    """US dollars for so many units, in which region, by which source; `free` units a month cost nobody anything, for good."""

    usd: float
    per: float = 1
    region: str
    source: str
    free: float = 0


MILLION = 1_000_000
BILL = "line items of an AWS bill of May 2025, github.com/rahmat-ullah/DocParser"
PRICES = {
    "writes": Price(usd=0.71, per=MILLION, region="ap-southeast-1", source=BILL),
    "reads": Price(usd=0.1425, per=MILLION, region="ap-southeast-1", source=BILL),
    "table_gb": Price(usd=0.25, region="us-east-1", source="docs.echo.stream, table pricing", free=25),
    "pitr_gb": Price(usd=0.20, region="us-east-1", source="docs.echo.stream, table pricing"),
    "lambda_gb_s": Price(
        usd=0.0000166667,
        region="ap-southeast-3",
        source="x86; github.com/janritter/aws-lambda-live-tuner, cost/cost.go, 2022",
        free=400_000,
    ),
    "invocations": Price(
        usd=0.20, per=MILLION, region="us-east-1", source="aws.amazon.com/lambda/pricing", free=MILLION
    ),
    # us-east-1: 3.50 (aws.amazon.com/api-gateway/pricing, read 2026-09-20); the dearest that was found in Asia is taken.
    "api_requests": Price(
        usd=4.25, per=MILLION, region="ap-northeast-1", source="github.com/kejyun/aws-learning-notes"
    ),
    "sqs_requests": Price(
        usd=0.40, per=MILLION, region="us-east-1", source="aws.amazon.com/sqs/pricing", free=MILLION
    ),
    "log_gb": Price(usd=0.70, region="ap-southeast-1", source=BILL, free=5),
    "metrics": Price(usd=0.30, region="ap-southeast-1", source=BILL, free=10),
    "alarms": Price(
        usd=0.10, region="us-east-1", source="github.com/vreutova/infracost-idem-support/pull/2", free=10
    ),
    "secrets": Price(usd=0.40, region="ap-southeast-1", source=BILL),
    "keys": Price(usd=1.00, region="ap-southeast-1", source=BILL),
}

STACKS = ("data", "application")

# --- Assumptions -------------------------------------------------------------------------------------------------------
# .chalice/config.json
MEMORY_GB = 1.0
# A function of 1 GB has this part of a processor (docs.aws.amazon.com/lambda: a whole one at 1,769 MB).
PROCESSOR = 1024 / 1769
# Unmeasured: a request to DynamoDB from Lambda in the same region, and a batch's hand-over to the SMS provider.
DYNAMODB_MS, SMS_MS = 5.0, 300.0
# Unmeasured: START, END and REPORT of Lambda, and a line of ours.
LOG_BYTES = 1000
MINUTES = 730 * 60
SWEEPS, AUDITS, RETENTIONS = MINUTES, MINUTES / 5, 30
# Lambda asks each queue by five pollers of 20 s, and does not go down to two where a maximum concurrency is set
# (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html); with one set, their number is unmeasured.
QUEUES, POLLERS, POLLS_A_MINUTE = 3, 5, 3
ALARMS = sum(Path(f"infra/{name}.yaml").read_text().count("AWS::CloudWatch::Alarm") for name in STACKS)
METRICS = len(get_args(Counted)) + len(get_args(Gauge))
# A gigabyte is some 38,000 incidents.
SECRETS, KEYS, STORED_GB = 2, 1, 1.0
# admin_site/js: the board asks every 2.5 s, an incident's page every 3 s, while they are seen.
DESK_POLLS, PAGE_POLLS = MINUTES * 60 / 2.5, 3600 / 3
BY_SQS = ("send_pages", "run_timers")
WITHOUT_HTTP = (*BY_SQS, "sweep_idle", "audit_idle", "retention_idle", "erasing")

Used = dict[str, float]


def of_use(use: Use, times: float) -> Used:
    """What so many runs of a use case use of everything, going by those that were counted."""
    ms = use.cpu_s * 1000 / PROCESSOR + use.requests.total() * DYNAMODB_MS
    if use.name == "send_pages":
        ms += SMS_MS * use.times
    counted = {
        "writes": use.wcu,
        "reads": use.rcu,
        "invocations": use.invocations,
        "lambda_gb_s": ms / 1000 * MEMORY_GB,
        "log_gb": use.invocations * LOG_BYTES / 1e9,
        # A batch is received and deleted at once.
        "sqs_requests": use.sqs_sends + (2 * use.invocations if use.name in BY_SQS else 0),
        "api_requests": 0 if use.name in WITHOUT_HTTP else use.invocations,
    }
    return {name: value * times / use.times for name, value in counted.items()}


def usd(used: Mapping[str, float], with_free: bool = False) -> float:
    """The price of all; after what is free each month, if the account uses it for nothing else."""
    return sum(
        max(0.0, units - (PRICES[name].free if with_free else 0)) * PRICES[name].usd / PRICES[name].per
        for name, units in used.items()
    )


def figures() -> Figures:
    """The figures of docs/cost.md."""
    with dynamodb():
        uses, erasing, size = _counted()
    life_ = [of_use(use, use.times) for name, use in uses.items() if name in LIFE]
    incident = _sum((*life_, of_use(erasing, erasing.times)))
    incidents = {name: units * 1000 for name, units in incident.items()}
    desk = of_use(uses["board_one_open"], DESK_POLLS)
    watched = of_use(uses["read_incident"], 1000 * PAGE_POLLS)
    polls = QUEUES * POLLERS * POLLS_A_MINUTE * MINUTES
    standing: Used = {"alarms": ALARMS, "metrics": METRICS, "secrets": SECRETS, "keys": KEYS}
    idle = _sum(
        (
            of_use(uses["sweep_idle"], SWEEPS),
            of_use(uses["audit_idle"], AUDITS),
            of_use(uses["retention_idle"], RETENTIONS),
            {"sqs_requests": polls, "table_gb": STORED_GB, "pitr_gb": STORED_GB, **standing},
        )
    )
    lambda_ms = incident["lambda_gb_s"] / MEMORY_GB * 1000 / incident["invocations"]
    return {
        "usd_per_1000_incidents": Figure(round(usd(incidents), 3), says=_parts(incidents)),
        "usd_idle_per_month": Figure(round(usd(idle), 2), says=_parts(idle)),
        "usd_idle_after_free": Figure(round(usd(idle, with_free=True), 2), says="what AWS gives taken off"),
        "usd_desk_per_month": Figure(round(usd(desk), 2), says="a board in sight all day: " + _parts(desk)),
        "usd_1000_page_hours": Figure(
            round(usd(watched), 2), says="incident pages in sight an hour: " + _parts(watched)
        ),
        "sqs_polls_per_month": Figure(polls, says=f"{QUEUES} queues, {POLLERS} pollers, every 20 s"),
        "lambda_ms_each": Figure(round(lambda_ms, 1), says="of an incident's invocations, estimated"),
        "erasing_wcu": Figure(erasing.wcu, says=f"of an incident, in {erasing.times} steps"),
        "kb_per_incident": Figure(round(size / 1000, 1), says="items and index entries, before erasure"),
    }


def _counted() -> tuple[dict[str, Use], Use, int]:
    """The uses of a life and of what goes on anyway, an incident's erasure over the years, and its bytes in the tables."""
    story = _story()
    uses = around(story).uses
    ledger = Ledger()
    with ledger.of("retention_idle"):
        events.retention(story.world)
    uses |= ledger.uses
    story = _story()
    before = _bytes()
    uses |= life(story).uses
    size = _bytes() - before
    incident = next(
        item.pk[2:] for item in tables.IncidentItem.scan() if item.sk == "#" and item.pk[0] == "I"
    )
    for days in (91, 366, 731):
        with ledger.of("erasing"):
            erase_incident(story.world, incident, plus(story.clock.now(), days * 24 * 3600))
    return uses, ledger.uses["erasing"], size


def _story() -> Story:
    story = Story()
    story.empty()
    story.seed()
    return story


def _bytes() -> int:
    """Names and values of all items, with what AWS adds to each (100 bytes an item and an index entry)."""
    total = 0
    for item in (each for model in tables.MODELS for each in model.scan()):
        values = item.serialize()
        size = 100 + sum(len(name) + len(str(next(iter(value.values())))) for name, value in values.items())
        total += size + 250 * len(values.keys() & {"open_key", "due_key", "day_key", "link"})
    return total


def _sum(all_: Iterable[Used]) -> Used:
    total: Used = {}
    for each in all_:
        for name, units in each.items():
            total[name] = total.get(name, 0) + units
    return total


def _parts(used: Mapping[str, float]) -> str:
    """Each part's price, the dearest first."""
    parts = {name: usd({name: units}) for name, units in used.items()}
    dearest = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {price:.3f}" for name, price in dearest if price >= 0.0005)
