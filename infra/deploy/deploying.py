"""`make deploy`: both stacks, the site, the beginnings, a smoke test. Run again it goes on where it stopped."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from infra.deploy import account, accounts, beginnings, site, smoke
from infra.deploy.cloud import Cloud
from infra.deploy.doctor.examination import checks_after, checks_before, examine
from infra.deploy.doctor.finding import Subject
from infra.deploy.parameters import check_given, choose, parameters_of
from infra.deploy.releases import TEMPLATE, WORKBOOKS, ZIP, Release, Releases
from infra.deploy.stacks import Plan, Stacks
from infra.deploy.tables import NAMES, describe
from infra.deploy.terminal import DeployError, Terminal

DATA_TEMPLATE = "data.json"
# What CloudFormation takes without a bucket, and there is none before the data stack stands.
LONGEST_BODY = 51_200


@dataclass(frozen=True)
class Wishes:
    """What the operator said along with the command."""

    given: Mapping[str, str] = field(default_factory=dict)
    admin_email: str = ""
    seed: str = ""
    confirm: str = ""
    patience_s: float = smoke.PATIENCE_S


class Deployment:
    """One stage's two stacks and what the commands have in common."""

    def __init__(self, cloud: Cloud, terminal: Terminal, wishes: Wishes) -> None:
        self.cloud = cloud
        self.terminal = terminal
        self.wishes = wishes
        self.stacks = Stacks(cloud, terminal)

    @property
    def data(self) -> dict[str, str]:
        """The data stack's outputs; DeployError when it does not stand."""
        found = self.stacks.outputs(self.cloud.data_stack)
        if not found:
            raise DeployError(
                f"There is no stage {self.cloud.stage!r} here. Deploy it first: make deploy STAGE={self.cloud.stage}"
            )
        return found

    @property
    def releases(self) -> Releases:
        return Releases(self.cloud, self.data["ReleasesBucketName"])

    def running(self) -> Release | None:
        """The release whose application stack stands; None when there is none."""
        release_id = self.stacks.outputs(self.cloud.application_stack).get("Release", "")
        return self.releases.get(release_id) if release_id else None

    def subject(self) -> Subject:
        """The stage as the doctor looks at it, with what SET is about to change."""
        stacks = (self.cloud.data_stack, self.cloud.application_stack)
        kept = [self.stacks.parameters(name) for name in stacks]
        return Subject(
            cloud=self.cloud,
            outputs=self.stacks.outputs(self.cloud.data_stack),
            settings={**kept[0], **kept[1], **self.wishes.given},
            now=datetime.now(UTC),
        )

    def change_data(self, build: Path, api_domain: str | None = None) -> None:
        """Bring the data stack to the built template; `api_domain` None leaves the interface's address as it is."""
        name = self.cloud.data_stack
        content = (build / DATA_TEMPLATE).read_text("utf-8")
        template = msgspec.json.decode(content)
        body = msgspec.json.encode(template).decode()
        if len(body.encode()) > LONGEST_BODY:
            raise DeployError(
                f"{DATA_TEMPLATE} has more than {LONGEST_BODY} bytes, which CloudFormation does not take."
            )
        known = {"Stage": self.cloud.stage}
        if api_domain is not None:
            known["ApiDomain"] = api_domain
        self._change(name, template, {"TemplateBody": body}, known)

    def change_application(self, release: Release) -> None:
        """Bring the application stack to a kept release, upon the data stack's outputs."""
        template, data = self.template_for_tables(release), self.data
        known = {**data, "Stage": self.cloud.stage, **account.secret_versions(self.cloud, data)}
        url = {"TemplateURL": self.releases.template_url(release)}
        self._change(self.cloud.application_stack, template, url, known)

    def template_for_tables(self, release: Release) -> dict[str, Any]:
        """A kept release's application template; DeployError when it cannot run upon the tables in use."""
        template, tables = self.releases.template(release), self.data.get("Tables", self.cloud.own_tables)
        if tables != self.cloud.own_tables and "Tables" not in template["Parameters"]:
            raise DeployError(
                f"{release.id} knows the stage's first tables alone and would take calls into those, not into the restored "
                f"{tables}-…, which are in use. Deploy a release from this one on."
            )
        return template

    def _change(
        self, name: str, template: Mapping[str, Any], where: dict[str, str], known: Mapping[str, str]
    ) -> None:
        self.stacks.make_ready(name)
        parameters = choose(
            parameters_of(template),
            known=known,
            given=self.wishes.given,
            previous=self.stacks.parameters(name),
            measured=account.measured(self.cloud),
            terminal=self.terminal,
        )
        plan = self.stacks.plan(name, where, parameters)
        if plan is None:
            self.terminal.step(f"{name}: nothing changes")
            return
        self.stacks.show(plan)
        try:
            self._confirm(plan)
        except BaseException:
            self.stacks.drop(plan)
            raise
        self.stacks.carry_out(plan)

    def _confirm(self, plan: Plan) -> None:
        if any(change.loses_state for change in plan.changes):
            stage = self.cloud.stage
            question = "This takes away what holds the stage's state (see !! above)."
            self.terminal.must_type(stage, question, self.wishes.confirm, f"CONFIRM={stage}")
        else:
            self.terminal.confirm(
                f"Change {plan.stack} in account {self.cloud.account}, {self.cloud.region}?"
            )

    def publish_site(self, release: Release) -> None:
        """Put a kept release's site into its place."""
        data = self.data
        site.publish(self.cloud, self.releases, release, data["SiteBucketName"], data["DistributionId"])
        self.terminal.step(f"site: {len(release.site)} files of {release.id}")

    def smoke_test(self) -> None:
        """See that what runs answers as it must."""
        data = self.data
        name, distribution = data["PublicUrl"].removeprefix("https://"), data.get("DistributionDomain", "")
        if distribution not in ("", name):
            self.terminal.note(f"{name} must lead here: in your DNS a CNAME to {distribution}")
        smoke.run(data["PublicUrl"], self.terminal, self.wishes.patience_s)
        self.terminal.step("smoke test: health, configuration, site and guard answer as they must")


def deploy(deployment: Deployment, build: Path) -> None:
    """Deploy what `make package` has built; DeployError says what stands and how to go on."""
    cloud, terminal = deployment.cloud, deployment.terminal
    check_build(build)
    _decide_production(deployment)
    templates = [msgspec.json.decode((build / name).read_bytes()) for name in (DATA_TEMPLATE, TEMPLATE)]
    check_given(deployment.wishes.given, [each for found in templates for each in parameters_of(found)])
    refuse_tables_not_there(deployment)
    terminal.step(f"account {cloud.account} ({cloud.user}), region {cloud.region}, stage {cloud.stage}")
    _refuse_unfit_production(deployment)
    deployment.change_data(build)
    release = deployment.releases.upload(build)
    terminal.step(f"release {release.id}: kept in {deployment.releases.bucket}")
    deployment.change_application(release)
    api_domain = deployment.stacks.outputs(cloud.application_stack)["ApiDomain"]
    if deployment.stacks.parameters(cloud.data_stack).get("ApiDomain") != api_domain:
        terminal.step("the site's address learns where the interface is (CloudFront takes some minutes)")
        deployment.change_data(build, api_domain)
    deployment.publish_site(release)
    beginnings.fill_registry(deployment.wishes.seed, terminal)
    accounts.make_first_admin(cloud, deployment.data["UserPoolId"], deployment.wishes.admin_email, terminal)
    try:
        deployment.smoke_test()
    except DeployError as error:
        raise DeployError(
            f"{error}\n    {release.id} stands and is not well. Mend it and deploy, or let the release before run "
            f"again: make rollback STAGE={cloud.stage}"
        ) from error
    deployment.releases.mark_deployed(release)
    _say_addresses(deployment)
    _look_at_it(deployment)


def refuse_tables_not_there(deployment: Deployment) -> None:
    """A wrong letter in SET="Tables=…" would end taking calls: DeployError before anything is changed."""
    cloud, tables = deployment.cloud, deployment.wishes.given.get("Tables", "")
    if not tables:
        return
    if not tables.startswith(f"{cloud.own_tables}-at"):
        raise DeployError(f"{tables}-… are not of the stage {cloud.stage}. Nothing was changed.")
    for name in NAMES:
        found = describe(cloud, f"{tables}-{name}")
        if found is None or found["TableStatus"] not in ("ACTIVE", "UPDATING"):
            raise DeployError(
                f"There is no table {tables}-{name}, or AWS is still making it; make restore says which there are. Nothing was changed."
            )


def _decide_production(deployment: Deployment) -> None:
    """Whether real calls will be taken has no default; the data stack remembers the answer. DeployError without one."""
    if "Production" in deployment.subject().settings:
        return
    answer = deployment.terminal.ask(
        "Will real calls be taken there? yes makes it production, which is refused whatever would keep pages from arriving; "
        "no is a trial.",
        'SET="Production=yes" or SET="Production=no"',
    )
    deployment.wishes = replace(deployment.wishes, given={**deployment.wishes.given, "Production": answer})


def _refuse_unfit_production(deployment: Deployment) -> None:
    """Before anything is changed; DeployError."""
    subject = deployment.subject()
    if subject.is_production and examine(subject, checks_before(subject), deployment.terminal):
        raise DeployError("Production is refused what is critical above. Nothing was changed.")


def _look_at_it(deployment: Deployment) -> None:
    """What the doctor says of what stands now; DeployError when production is not fit for it."""
    subject = deployment.subject()
    found = examine(subject, checks_after(subject), deployment.terminal)
    again = f"make doctor STAGE={deployment.cloud.stage} looks again"
    if found and subject.is_production:
        raise DeployError(
            f"It is deployed and runs, and is no production before what is critical above is mended; {again}."
        )
    if found:
        deployment.terminal.warn(f"no real call may depend on it before what is critical is mended; {again}")


def check_build(build: Path) -> None:
    """See that everything is there, made for the Python that will run it; DeployError."""
    missing = [
        name
        for name in (DATA_TEMPLATE, TEMPLATE, ZIP, WORKBOOKS, "site/index.html")
        if not (build / name).is_file()
    ]
    if missing:
        raise DeployError(f"{build} lacks {', '.join(missing)}. Build it first: make package")
    template = msgspec.json.decode((build / TEMPLATE).read_bytes())
    runtimes = {each["Properties"].get("Runtime") for each in template["Resources"].values()} - {None}
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if runtimes != {ours}:
        raise DeployError(
            f"Packaged for {', '.join(sorted(runtimes))}, and this is {ours}. Build it anew: make package"
        )


def _say_addresses(deployment: Deployment) -> None:
    data, terminal = deployment.data, deployment.terminal
    terminal.step(f"{deployment.cloud.stage} is deployed")
    terminal.note(f"site       {data['PublicUrl']}")
    terminal.note(f"interface  {data['PublicUrl']}/api/openapi.json")
    terminal.note(f"health     {data['PublicUrl']}/api/health")
    terminal.note(f"sign-in    {data['SignInUrl']}")
    terminal.note(f"back to the release before: make rollback STAGE={deployment.cloud.stage}")
