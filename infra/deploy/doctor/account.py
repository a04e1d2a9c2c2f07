"""What holds for all of the account: its plan, its region, how many functions may run at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from infra.deploy.account import RESERVED, UNRESERVED
from infra.deploy.doctor.finding import Check, Finding, Subject, critical, ok, warning

JAKARTA = "ap-southeast-3"
# Where AWS answers for the account as a whole.
GLOBAL = "us-east-1"
TEMPLATE = Path(__file__).resolve().parents[2] / "application.yaml"
ASK_QUOTA = "Service Quotas, Lambda, Concurrent executions: ask for 1,000; the next deploy reserves by itself"


def plan(subject: Subject) -> Finding:
    """An account on the free plan is closed when its months or its credits are over, and all that runs in it."""
    found = subject.cloud.client("freetier", GLOBAL).get_account_plan_state()
    if found["accountPlanType"] == "PAID":
        return ok("paid")
    ends = found.get("accountPlanExpirationDate")
    when = f"on {ends:%Y-%m-%d}" if ends else "after some months"
    return critical(
        f"free ({found['accountPlanStatus'].lower()}): AWS closes the account {when}, or when the credits are spent",
        "console Billing, Upgrade plan",
    )


def region(subject: Subject) -> Finding:
    name = subject.cloud.region
    status = subject.cloud.client("account", GLOBAL).get_region_opt_status(RegionName=name)["RegionOptStatus"]
    if status not in ("ENABLED", "ENABLED_BY_DEFAULT"):
        return critical(
            f"{name} is {status.lower()} in this account", "console Account, AWS Regions: enable it"
        )
    if name != JAKARTA:
        return warning(
            f"{name}: citizens' data leave Indonesia",
            f"AWS_REGION={JAKARTA}, unless the regency has decided otherwise",
        )
    return ok(f"{name}, enabled")


def concurrency(subject: Subject) -> Finding:
    """What functions that reserve nothing share, against what ours take of it in a burst."""
    limits = subject.cloud.client("lambda").get_account_settings()["AccountLimit"]
    shared = limits["UnreservedConcurrentExecutions"]
    if int(subject.settings.get("PagingConcurrency", 0)):
        return ok(f"{', '.join(RESERVED)} have their own; {shared} are shared by all others")
    taken, others = maximum_concurrencies()
    if shared >= UNRESERVED + sum(RESERVED.values()):
        return ok(f"{shared} are shared; the next deploy keeps some for {', '.join(RESERVED)}")
    if shared >= sum(taken.values()) + len(others):
        return warning(
            f"{shared}, shared with all functions of the account: nothing is kept for paging", ASK_QUOTA
        )
    burst = ", ".join(f"{name} {most}" for name, most in taken.items())
    return critical(
        f"{shared} for all functions of the account; in a burst {burst} take so many that of all others somebody starves: "
        f"{', '.join(others)} (calls and answers are refused, nothing is swept)",
        ASK_QUOTA,
    )


def maximum_concurrencies() -> tuple[dict[str, int], list[str]]:
    """How many of each function its queue starts at most where nothing is reserved, and the functions that no queue starts."""
    functions = _functions(yaml.safe_load(TEMPLATE.read_text("utf-8"))["Resources"])
    taken = {name: most for name, most in functions.items() if most}
    return taken, [name for name, most in functions.items() if not most]


def _functions(resources: dict[str, Any]) -> dict[str, int]:
    """Each function's name with what its queues start at most, 0 without one."""
    found = {}
    for resource in resources.values():
        properties = resource.get("Properties", {})
        # What has a function's name of its own is one; what refers to one says something about it.
        if named := properties.get("FunctionName", {}).get("Fn::Sub"):
            events = properties.get("Events", {}).values()
            limits = [each["Properties"].get("ScalingConfig", {}) for each in events]
            name = named.rpartition("-")[2]
            found[name] = sum(_unreserved(each.get("MaximumConcurrency", 0)) for each in limits)
    return found


def _unreserved(limit: Any) -> int:
    return int(limit["Fn::If"][2] if isinstance(limit, dict) else limit)


CHECKS = (
    Check("account plan", ("freetier:GetAccountPlanState",), plan),
    Check("region", ("account:GetRegionOptStatus",), region),
    Check("Lambda concurrency", ("lambda:GetAccountSettings",), concurrency),
)
