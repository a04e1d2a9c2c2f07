"""Figures of this machine; the environment of all tests holds here too."""

import tests.conftest  # noqa: F401
