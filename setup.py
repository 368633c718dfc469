"""The packages, found: each folder with all that stands in it, code and data, under the name it is imported by."""

from setuptools import find_namespace_packages, setup

FOLDERS = {"changji_sim": "changji_sim", "changji_plugins": "plugins", "changji_scenarios": "scenarios"}


def packages(name: str, folder: str) -> list[str]:
    """``name`` and everything below it; a folder without Python holds data."""
    return [name, *(f"{name}.{below}" for below in find_namespace_packages(folder, exclude=["*__pycache__*"]))]


setup(
    packages=[package for name, folder in FOLDERS.items() for package in packages(name, folder)],
    package_dir=FOLDERS,
    package_data={"": ["*"]},  # law, messages, scripts of pages, scenarios, reforms, examples
)
