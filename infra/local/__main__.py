"""`python -m infra.local` starts the embedded stack; see supervisor.py."""

import sys

from infra.local.supervisor import main

sys.exit(main())
