"""Which packages there are: those of changji_sim are found; two folders are installed under other names."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["changji_sim", "changji_sim.*"]), "changji_plugins", "changji_scenarios"])
