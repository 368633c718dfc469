"""Ends the program that loads it."""

import sys

sys.exit("bye")
