"""What several test files share: a folder to write scenarios in, and fast, repeatable Hypothesis settings."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# The same examples on every machine; examples simulate, so nothing is timed.
os.environ["CHANGJI_LANGUAGE"] = "en"  # whatever language the machine of the tests has

settings.register_profile(
    "changji", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("changji")
