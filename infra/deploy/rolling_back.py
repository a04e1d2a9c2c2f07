"""`make rollback`: the release before runs again, application and site; the data stay as they are."""

from __future__ import annotations

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from chalicelib.models import duty_sheets
from chalicelib.models.registry import RegistryCache
from infra.deploy.deploying import Deployment
from infra.deploy.releases import Release
from infra.deploy.terminal import DeployError


def roll_back(deployment: Deployment, to: str = "") -> None:
    """Run the release before, or the kept one named; DeployError when it cannot read what was written since."""
    terminal, releases = deployment.terminal, deployment.releases
    running = deployment.running()
    if running is None:
        raise DeployError("Nothing runs that one could go back from.")
    target = _named(deployment, to) if to else releases.before(running)
    terminal.step(f"{running.id} runs; back to {target.id}, deployed {target.deployed_at[:16]}Z")
    _check_shape(running, target)
    deployment.template_for_tables(target)
    _check_duty(target)
    # The older site speaks to the newer interface, as it did while that was deployed; not the other way round.
    deployment.publish_site(target)
    try:
        deployment.change_application(target)
        deployment.smoke_test()
    except BaseException:
        terminal.warn(
            f"The site is {target.id}'s already, the application may still be {running.id}'s. Both work together; "
            "the same command goes on, make deploy goes forward again."
        )
        raise
    releases.mark_abandoned(running)
    releases.mark_deployed(target)
    terminal.step(f"{target.id} runs; the data were not touched")


def _named(deployment: Deployment, release_id: str) -> Release:
    found = deployment.releases.get(release_id)
    if found is None:
        known = ", ".join(each.id for each in deployment.releases.all())
        raise DeployError(f"There is no release {release_id}. Kept are: {known}")
    return found


def _check_shape(running: Release, target: Release) -> None:
    if target.shape < running.shape:
        raise DeployError(
            f"{running.id} writes records of shape {running.shape}, which {target.id} (shape {target.shape}) cannot read "
            "or would spoil (docs/adr/0021). Do not go back: mend it and deploy."
        )


def _check_duty(target: Release) -> None:
    """A release that reads single shifts alone would find nobody on duty whom a pattern or a sheet has there, and page nobody."""
    if "duty" in target.knows:
        return
    patterns = [each for each in RegistryCache().current().of("duty-patterns").values() if not each.retired]
    today = times.local_day(SystemClock().now(), 0)
    month_on = times.local_day(SystemClock().now(), 0, 31)
    if patterns or any(any(duty_sheets.of_month(day[:7])) for day in (today, month_on)):
        raise DeployError(
            f"{target.id} knows neither duty patterns nor month sheets, by which people are on duty now: it would page none of them. "
            "Do not go back: mend it and deploy."
        )
