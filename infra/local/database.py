"""The embedded database as a process, on the files of a folder."""

from __future__ import annotations

from infra.local.children import Child, serves_tables
from infra.local.stack import DYNOXIDE, Stack, StackError

FILE = "dynamo.sqlite"


def database_of(stack: Stack) -> Child:
    """The database of a stack with a private address, not yet started; StackError where it is not installed."""
    if not DYNOXIDE.exists():
        raise StackError(
            "The embedded database is not installed: it exists for Linux on x86-64 (or WSL2) alone. There, "
            "run make run again; elsewhere set AWS_ENDPOINT_URL_DYNAMODB to any DynamoDB server."
        )
    host, _, port = stack.private.partition(":")
    command = [
        str(DYNOXIDE),
        *("serve", "--host", host, "--port", port, "--db-path", str(stack.data / FILE)),
    ]
    return Child("database", command, stack.logs / "database.log", lambda: serves_tables(stack.database_url))
