"""A call becomes a page, an answer by the link and a closed incident: through the one address, with real tokens."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.deploy.stage import Stage, eventually, link_in


def log_call(stage: Stage, token: str, landmark: str, type_: str = "childbirth") -> dict[str, Any]:
    """Log an emergency call at a landmark of its own; what the interface answers."""
    now = SystemClock().now()
    body = {
        "number": "+6281234567890",
        "channel": "phone",
        "class": "emergency",
        "received_at": times.plus(now, -20),
        "answered_at": times.plus(now, -15),
        "incident": {"type": type_, "location": {"district": "baamang", "landmark": landmark}},
    }
    answer = stage.call(
        "POST", "/api/calls", body, token=token, key=f"call-{landmark.replace(chr(32), chr(45))}"
    )
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    assert found["incident"]["assignments"], "no crew is free"
    return found


def test_a_call_is_paged_answered_by_the_link_and_closed(stage: Stage, operator: str) -> None:
    logged = log_call(stage, operator, "Gang Melati")
    incident_id = logged["incident"]["id"]
    sms = stage.sms("Gang Melati")
    assert sms.number in {page["number"] for page in logged["incident"]["pages"]}

    link = link_in(sms.body)
    page = stage.http.get(stage.url + link, timeout=60)
    assert page.status_code == 200 and "Gang Melati" in page.text
    for status in ("acknowledged", "en_route", "on_scene", "cleared"):
        answered = stage.call("POST", f"/api{link}", {"status": status})
        assert answered.status_code == 200, answered.text

    def answered_one() -> dict[str, Any] | None:
        incident = stage.call("GET", f"/api/incidents/{incident_id}", token=operator).json()
        return next((each for each in incident["assignments"] if each["status"] == "cleared"), None)

    eventually(answered_one, "no assignment is cleared")
    closing = {"disposition": "patient_transported"}
    closed = stage.call(
        "POST", f"/api/incidents/{incident_id}/close", closing, token=operator, key="close-melati"
    )
    assert closed.status_code == 200, closed.text

    def kinds_once_sent() -> list[str] | None:
        incident = stage.call("GET", f"/api/incidents/{incident_id}", token=operator).json()
        assert incident["status"] == "closed"
        found = [event["type"] for event in incident["timeline"]]
        return found if "PagesSent" in found else None

    # An SMS is on the phone before the trail tells of it, and whoever is called off by SMS is told of after the end.
    kinds = eventually(kinds_once_sent, "no page is told to be sent")
    assert {"PageAcknowledged", "UnitEnRoute", "UnitOnScene", "UnitCleared"} <= set(kinds)
    acts = [kind for kind in kinds if not kind.startswith("Page")]
    assert acts[0] == "IncidentOpened" and acts[-1] == "IncidentClosed"
    walked = stage.verify()
    assert walked.code == 0 and " 0 broken" in walked.said, walked.said
