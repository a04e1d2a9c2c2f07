"""The check of the audit trail that trusts nobody: one incident (`incident`), what stands beside them (`table`), all of it (`walk`)."""

from infra.verify.incident import verify
from infra.verify.walk import main, walk

__all__ = ["main", "verify", "walk"]
