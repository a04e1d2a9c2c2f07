from __future__ import annotations

import sys

from infra.verify.walk import main

sys.exit(main())
