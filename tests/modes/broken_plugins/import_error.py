"""Needs a package that nobody has."""

import changji_no_such_package  # noqa: F401
