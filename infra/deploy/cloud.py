"""The account that is deployed to: who we are there, and a client for each service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.terminal import DeployError

REPO = Path(__file__).resolve().parents[2]
SETTINGS = Config(retries={"total_max_attempts": 6, "mode": "standard"}, connect_timeout=10, read_timeout=60)


# As infra/data.yaml has it.
STAGE = re.compile("[a-z][a-z0-9]{1,15}")
# Cognito refuses them in the address of its sign-in page, of which the stage's name is a part.
NOT_IN_STAGE = ("aws", "amazon", "cognito")


def check_stage(stage: str) -> None:
    """DeployError for a name that AWS would refuse in the middle of the first deploy."""
    if not STAGE.fullmatch(stage):
        raise DeployError(
            f"STAGE={stage}: a stage's name has 2 to 16 small letters and digits and begins with a letter."
        )
    for word in NOT_IN_STAGE:
        if word in stage:
            raise DeployError(f"STAGE={stage}: AWS allows no {word!r} in the address of the sign-in page.")


@dataclass
class Cloud:
    """One account and region; `stage` names what is deployed there."""

    stage: str
    region: str
    account: str = ""
    user: str = ""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = "") -> Any:
        """Return the one client of a service, elsewhere than in the stage's region if told so."""
        which = (service, region or self.region)
        if which not in self._clients:
            # By its default S3 names addresses that a region opened after 2019, as Jakarta's, does not answer.
            regional = Config(s3={"addressing_style": "virtual"})
            settings = SETTINGS.merge(regional) if service == "s3" else SETTINGS
            self._clients[which] = boto3.client(service, region_name=which[1], config=settings)
        return self._clients[which]

    @property
    def data_stack(self) -> str:
        return f"kentongan-{self.stage}-data"

    @property
    def application_stack(self) -> str:
        return f"kentongan-{self.stage}"

    @property
    def own_tables(self) -> str:
        """What the names of the tables begin with that the data stack makes."""
        return f"kentongan-{self.stage}"

    def identify(self) -> None:
        """Learn whose credentials these are; DeployError when there are none that work."""
        try:
            who = self.client("sts").get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            raise DeployError(
                f"AWS does not know who you are ({error}). Sign in first, as with `aws configure` or "
                "`aws sso login`, and choose a profile with AWS_PROFILE. Good credentials are unknown too in a region that "
                f"the account has not enabled: is {self.region} (console: Account, AWS Regions)?"
            ) from error
        self.account, self.user = who["Account"], who["Arn"]


def code_of(error: ClientError) -> str:
    """The error's code, as in `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))
