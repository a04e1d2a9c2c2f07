"""`make doctor`: what keeps a stage from paging, asked of AWS without changing anything."""

from __future__ import annotations

from infra.deploy.deploying import Deployment
from infra.deploy.doctor.examination import checks_after, checks_before, examine
from infra.deploy.terminal import DeployError


def doctor(deployment: Deployment) -> None:
    """Say every finding of a stage, or of an account where it is not deployed yet; DeployError when one is critical."""
    cloud, terminal, subject = deployment.cloud, deployment.terminal, deployment.subject()
    stands = deployment.stacks.find(cloud.application_stack) is not None
    production = subject.settings.get("Production", "not decided")
    terminal.step(
        f"account {cloud.account}, region {cloud.region}, stage {cloud.stage}, production: {production}"
    )
    if not stands:
        terminal.step(f"{cloud.stage} is not deployed: only what is known before is looked at")
    found = examine(subject, checks_after(subject) if stands else checks_before(subject), terminal)
    if found:
        raise DeployError(f"{found} critical, hence exit code 1; without any it is 0.")
