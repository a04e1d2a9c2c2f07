"""`python -m infra.deploy COMMAND`, as `make` calls it; wishes come by the environment (docs/deploying.md)."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

REGION = "ap-southeast-3"
COMMANDS = ("deploy", "doctor", "rollback", "destroy", "account", "restore", "restore-drill")
REPO = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run one command; 1 and what stands and how to go on when it stops."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--build", type=Path, default=REPO / "build")
    arguments = parser.parse_args()
    stage = os.environ.get("STAGE", "")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION
    if not stage:
        print(f"! Which stage? make {arguments.command} STAGE=trial", file=sys.stderr)
        return 1
    # The tables' models read it and TABLES when they are imported, which the commands do.
    os.environ["AWS_DEFAULT_REGION"] = region
    from infra.deploy.terminal import DeployError

    try:
        _run(arguments.command, stage, region, arguments.build)
    except DeployError as error:
        print(f"! {error}", file=sys.stderr)
    except (BotoCoreError, ClientError) as error:
        print(
            f"! AWS refused: {error}\n    What is said above stands; the same command goes on.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("\n! Stopped. AWS ends a change that it has begun; the same command goes on.", file=sys.stderr)
    else:
        return 0
    return 1


def _run(command: str, stage: str, region: str, build: Path) -> None:
    from infra.deploy.cloud import Cloud, check_stage
    from infra.deploy.parameters import parse_given
    from infra.deploy.stacks import Stacks
    from infra.deploy.terminal import DeployError, Terminal

    check_stage(stage)
    terminal = Terminal(unattended=os.environ.get("YES") == "1")
    given = parse_given(os.environ.get("SET", ""))
    cloud = Cloud(stage, region)
    cloud.identify()
    tables = Stacks(cloud, terminal).outputs(cloud.data_stack).get("Tables", "")
    os.environ["TABLES"] = given.get("Tables", tables)
    from infra.deploy.accounts import make_account
    from infra.deploy.deploying import Deployment, Wishes, deploy
    from infra.deploy.destroying import destroy
    from infra.deploy.doctoring import doctor
    from infra.deploy.restore_drill import drill
    from infra.deploy.restoring import restore, source_of
    from infra.deploy.rolling_back import roll_back
    from infra.deploy.smoke import PATIENCE_S

    wishes = Wishes(
        given=given,
        admin_email=os.environ.get("ADMIN_EMAIL", ""),
        seed=os.environ.get("SEED", ""),
        confirm=os.environ.get("CONFIRM", ""),
        patience_s=float(os.environ.get("PATIENCE") or PATIENCE_S),
    )
    deployment = Deployment(cloud, terminal, wishes)
    if command == "deploy":
        deploy(deployment, build)
    elif command == "doctor":
        doctor(deployment)
    elif command == "rollback":
        roll_back(deployment, os.environ.get("RELEASE", ""))
    elif command == "account":
        login, email = os.environ.get("LOGIN", ""), os.environ.get("EMAIL", "")
        named = {"name": "PERSON", "role": "ROLE", "agency_id": "AGENCY"}
        fields = {field: os.environ[name] for field, name in named.items() if os.environ.get(name)}
        make_account(cloud, deployment.data["UserPoolId"], login, email, fields, deployment.terminal)
    elif command in ("restore", "restore-drill"):
        run = restore if command == "restore" else drill
        if not run(source_of(deployment), os.environ.get("AT", "")):
            raise DeployError("What was restored is not as it must be, see above. Nothing live was touched.")
    else:
        destroy(deployment, os.environ.get("DATA", ""))


if __name__ == "__main__":
    sys.exit(main())
