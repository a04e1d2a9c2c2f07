"""Prints a sign-in token of a demo account of the running stack: `python -m infra.local.token operator`."""

from __future__ import annotations

import json
import sys

from infra.local.stack import Stack, StackError


def main() -> int:
    """Print the id token alone on standard output; one line on standard error and 1 if there is none."""
    try:
        print(token(Stack.from_env(), sys.argv[1] if len(sys.argv) > 1 else "operator"))
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def token(stack: Stack, username: str) -> str:
    """Return an id token of the account; StackError if the stack does not run or has no such account."""
    here = Stack.running(stack.data)
    here.clean_environment()
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.local.signin import issue_token

    try:
        running = json.loads(here.state_file.read_bytes())
        password = here.secrets()["demo_password"]
        return issue_token(here, running["pool_id"], running["client_id"], username, password)
    except BotoCoreError as error:
        raise StackError(
            f"The stack with the data in {stack.data} does not answer. Start it: make run"
        ) from error
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        raise StackError(
            f"No token for {username}: {reason} The demo accounts are printed by make run."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
