"""The table of contents: every HTTP blueprint and every event function, one line each.

Event functions must stand here: in a blueprint they deploy as `chalicelib.….name`, Lambda never imports this module, and
its middleware silently does not run (chalice issue 1566).
"""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from chalicelib import bootstrap, config
from chalicelib.handlers import (
    accounts,
    amending,
    blocked_numbers,
    boundaries,
    calls,
    corrections,
    drills,
    duty,
    duty_changes,
    duty_files,
    duty_links,
    duty_sheets,
    events,
    handovers,
    importing,
    inbound,
    incidents,
    notices,
    own_duty,
    past,
    practice,
    privacy,
    registry,
    reports,
    responder,
    sheets,
    sms_texts,
    system,
    trying,
    versions,
    workbooks,
)

app = Chalice(app_name="kentongan")
for blueprint in (
    accounts,
    amending,
    boundaries,
    blocked_numbers,
    calls,
    corrections,
    drills,
    duty,
    duty_changes,
    duty_links,
    duty_files,
    duty_sheets,
    handovers,
    importing,
    inbound,
    incidents,
    notices,
    own_duty,
    past,
    practice,
    privacy,
    registry,
    reports,
    responder,
    sms_texts,
    sheets,
    system,
    trying,
    versions,
    workbooks,
):
    app.register_blueprint(blueprint.api)


@app.on_sqs_message(queue="kentongan-pages", batch_size=10, name="send_pages")
def send_pages(event: SQSEvent) -> dict[str, Any]:
    return events.send_pages(bootstrap.world(), event.to_dict())


@app.on_sqs_message(queue="kentongan-bulk", batch_size=10, name="send_bulk")
def send_bulk(event: SQSEvent) -> dict[str, Any]:
    return events.send_bulk(bootstrap.world(), event.to_dict())


@app.on_sqs_message(queue="kentongan-timers", batch_size=10, name="run_timers")
def run_timers(event: SQSEvent) -> dict[str, Any]:
    return events.run_timers(bootstrap.world(), event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> dict[str, Any]:
    return events.sweep(bootstrap.world())


@app.schedule(Rate(1, unit=Rate.MINUTES), name="send_notices")
def send_notices(event: CloudWatchEvent) -> dict[str, Any]:
    return events.send_notices(bootstrap.world())


@app.schedule(Rate(5, unit=Rate.MINUTES), name="audit")
def audit(event: CloudWatchEvent) -> dict[str, Any]:
    return events.audit(bootstrap.world())


@app.schedule(Rate(1, unit=Rate.DAYS), name="retention")
def retention(event: CloudWatchEvent) -> dict[str, Any]:
    return events.retention(bootstrap.world())


@app.schedule(Rate(1, unit=Rate.HOURS), name="seal")
def seal(event: CloudWatchEvent) -> dict[str, Any]:
    return events.seal(bootstrap.world())


if config.lambda_function():
    bootstrap.warm_up(config.lambda_function())
