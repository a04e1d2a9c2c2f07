"""The examination: which checks, a line each, and how many are critical."""

from __future__ import annotations

from collections import Counter
from textwrap import shorten

from infra.deploy.doctor import account, sms, stage
from infra.deploy.doctor.finding import Check, Finding, State, Subject, unseen
from infra.deploy.terminal import Terminal

LONGEST_WHY = 160


def checks_before(subject: Subject) -> tuple[Check, ...]:
    """What can be known before anything is deployed."""
    return (*account.CHECKS, *_sms_checks(subject), stage.CERTIFICATE, stage.ADDRESS)


def checks_after(subject: Subject) -> tuple[Check, ...]:
    """Everything, of a stage that stands."""
    return (*account.CHECKS, *_sms_checks(subject), stage.CERTIFICATE, *stage.CHECKS)


def _sms_checks(subject: Subject) -> tuple[Check, ...]:
    return sms.CHECKS if subject.settings.get("SmsProvider", "sns") == "sns" else sms.OTHER_PROVIDER


def examine(subject: Subject, checks: tuple[Check, ...], terminal: Terminal) -> int:
    """Say each finding as it is found; how many of them are critical."""
    states: Counter[State] = Counter()
    for check in checks:
        finding = _look(check, subject)
        states[finding.state] += 1
        say = terminal.warn if finding.state is State.CRITICAL else terminal.note
        say(
            f"{finding.state:8} {check.name}: {finding.what}"
            + (f" -> {finding.remedy}" if finding.remedy else "")
        )
    terminal.step("doctor: " + ", ".join(f"{states[each]} {each}" for each in State))
    return states[State.CRITICAL]


def _look(check: Check, subject: Subject) -> Finding:
    try:
        return check.look(subject)
    # Whatever a check stumbles over, it has not seen it, and the others look all the same.
    except Exception as error:
        why = shorten(f"{type(error).__name__}: {error}", LONGEST_WHY, placeholder="…")
        rights = f"it needs {', '.join(check.rights)}" if check.rights else "look by hand"
        return unseen(f"could not be asked ({why})", rights)
