"""What is installed is complete: the wheel and the sdist hold every file of the packages, and their commands run.

The packages are installed outside the tree, not editable, each into an environment of its own that borrows only the
dependencies of the one that runs the tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest
from places import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]
PACKAGES = {"changji_sim": "changji_sim", "plugins": "changji_plugins", "scenarios": "changji_scenarios"}
LEFT_OUT = shutil.ignore_patterns(".*", "out", "build", "dist", "site", "*.egg-info")
LONGEST = 600  # seconds a command may take: the first compiles the kernel
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def run(*words: str | Path, folder: Path) -> str:
    """What a command prints, run outside the tree; a failure shows all it said."""
    done = subprocess.run(
        words, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_in_the_tree() -> dict[str, str]:
    """Every file of the packages: its name when installed, its name in the tree."""
    paths = [path for folder in PACKAGES for path in (ROOT / folder).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts]
    return {PACKAGES[name.split("/")[0]] + name[name.index("/") :]: name for name in names}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Path]:
    """The wheel and the sdist, made by ``python -m build`` from a copy of the tree, the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT, folder / "tree", ignore=LEFT_OUT)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", folder / "tree", folder=folder)
    (wheel,), (sdist,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(built):
    names = {name for name in zipfile.ZipFile(built["wheel"]).namelist() if ".dist-info/" not in name}
    assert names == set(files_in_the_tree())
    assert {name.split("/")[0] for name in names} == set(PACKAGES.values())


def test_the_sdist_holds_them_too_and_what_tests_and_documents_need(built):
    with tarfile.open(built["sdist"]) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    packages = {name for name in names if name.split("/")[0] in PACKAGES}
    assert packages == set(files_in_the_tree().values())
    beside = {"README.zh-CN.md", "CHANGELOG.md", "LICENSE", "Makefile", "constraints.txt", "tests/conftest.py"}
    assert beside <= names
    assert [name for name in names if "__pycache__" in name] == []


class Installed:
    """A new environment with this distribution of ours, and nothing else of ours."""

    def __init__(self, folder: Path, distribution: Path):
        self.folder = folder
        folder.mkdir()
        venv = folder / "venv"
        run(sys.executable, "-m", "venv", "--without-pip", venv, folder=folder)
        self.bin = venv / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / Path(sys.executable).name
        self.site = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
        # A path in a .pth file: its packages can be imported, its own .pth files (an editable install) are not read.
        borrowed = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        (self.site / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
        self.install(distribution)

    def install(self, *distributions: Path) -> None:
        """Install without what they need, which is borrowed."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--no-deps", "--no-index", "--quiet"]
        self.run(*pip, "--no-compile", "--no-build-isolation", "--disable-pip-version-check", *distributions)

    def run(self, *words: str | Path) -> str:
        return run(*words, folder=self.folder)

    def changji_sim(self, *words: str | Path) -> str:
        """What the command prints."""
        return self.run(self.bin / "changji-sim", *words)

    def keep_compiled(self) -> None:
        """Take over what the tree compiled: of the same source it is the same (numba asks for a file's time)."""
        for installed, name in files_in_the_tree().items():
            assert (self.site / installed).read_bytes() == (ROOT / name).read_bytes(), name
            shutil.copystat(ROOT / name, self.site / installed)
        for compiled in (ROOT / "changji_sim").rglob("__pycache__/*.nb[ci]"):
            kept = self.site / compiled.relative_to(ROOT)
            kept.parent.mkdir(exist_ok=True)
            shutil.copy2(compiled, kept)


DESK = ("desk", "--port", "0", "--no-open", "--trials", "50")
READ_NAMES = """
import changji_sim as cs
for name in {scenarios}: cs.load_scenario(name)
for name in {reforms}: cs.load_reform(name)
"""
IN_ONE_PYTHON = """
import sys
from changji_sim.cli import main, run_cli
for words in {commands}: assert run_cli(words) == 0, words
sys.argv[1:] = {desk}
main()
"""


def test_the_commands_run_from_the_wheel_and_from_the_sdist(built, tmp_path):
    """One test for both, so that no other process of the tests builds them again.

    Each command of the wheel is a process, as a user has it; those of the sdist share one, which imports once.
    """
    wheel, sdist = (Installed(tmp_path / kind, built[kind]) for kind in ("wheel", "sdist"))
    for installed in (wheel, sdist):
        installed.keep_compiled()
        check_imports(installed)
        check_plugins(installed)
    for words in commands(wheel):
        wheel.changji_sim(*words)
    wheel.run(wheel.python, "-c", read_names())
    check_desk(wheel, wheel.bin / "changji-sim", *DESK)
    together = IN_ONE_PYTHON.format(commands=commands(sdist), desk=DESK)
    check_desk(sdist, sdist.python, "-c", read_names() + together)
    for installed in (wheel, sdist):
        check_written(installed)
    check_strangers(wheel)


def commands(installed: Installed) -> list[list[str]]:
    """What a user does first."""
    example = installed.site / "changji_scenarios" / "examples" / "applications_2026.xlsx"
    return [
        ["run", "baseline", "--trials", "50", "-o", "o", "--excel", "x.xlsx", "--html", "x.html"],
        ["assess", str(example), "--registrations", "80", "-o", "assessed.csv"],
    ]


def check_written(installed: Installed) -> None:
    """The commands' files are there."""
    for name in ("o/budget.csv", "o/caps.csv", "o/manifest.json", "x.xlsx", "x.html", "assessed.csv"):
        assert (installed.folder / name).stat().st_size > 0


def read_names() -> str:
    """Python that reads every scenario and reform that ships by its name."""
    scenarios = [path.stem for path in (ROOT / "scenarios").glob("*.yaml")]
    reforms = [path.stem for path in (ROOT / "scenarios" / "reforms").glob("*.yaml")]
    return READ_NAMES.format(scenarios=scenarios, reforms=reforms)


def check_imports(installed: Installed) -> None:
    """What is imported is what was installed."""
    names = ", ".join(PACKAGES.values())
    places = installed.run(installed.python, "-c", f"import {names}\nfor m in ({names}): print(m.__file__)").split()
    assert [place for place in places if not Path(place).is_relative_to(installed.site)] == []
    assert len(places) == len(PACKAGES)


def check_plugins(installed: Installed) -> None:
    listed = installed.changji_sim("plugins")
    modes = {path.stem for path in (ROOT / "plugins").glob("*.py")} - {"__init__"}
    assert [mode for mode in sorted(modes) if mode not in listed] == []


def check_strangers(installed: Installed) -> None:
    """The packages of examples/, and one that `new-mode` writes, are installed beside ours and used like ours."""
    shutil.copytree(ROOT / "examples", installed.folder / "examples", ignore=LEFT_OUT)
    installed.changji_sim("new-mode", "my_reward", "--kind", "reward_subsidy", "--package", "-o", "examples")
    packages = [path.parent for path in (installed.folder / "examples").glob("*/pyproject.toml")]
    installed.install(*packages)
    listed = {plugin["name"]: plugin for plugin in json.loads(installed.changji_sim("plugins", "--json"))}
    assert len(packages) == 4
    for name in (path.name for path in packages):
        assert listed[name]["modes"] and listed[name]["version"] == "0.1.0" and not listed[name]["is_set_aside"]
        assert Path(listed[name]["file"]).is_relative_to(installed.site)
    (checked,) = json.loads(installed.changji_sim("check-mode", "innovation_voucher", "--json"))
    assert checked["ran"] == checked["total"]
    installed.changji_sim("run", "examples/three_modes.yaml", "--trials", "50", "-o", "strangers")
    budget = (installed.folder / "strangers" / "budget.csv").read_text(encoding="utf-8-sig")
    assert all(f",{path.name}," in budget for path in packages if path.name != "my_reward")
    installed.changji_sim("template", "strangers.xlsx", "--scenario", "examples/three_modes.yaml")


def check_desk(installed: Installed, *command: str | Path) -> None:
    """The desk that the command starts answers its first page, and ends well."""
    log = installed.folder / "desk.log"
    with log.open("w") as errors:
        desk = subprocess.Popen(
            command, cwd=installed.folder, env=ENVIRONMENT | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
            stderr=errors, text=True, encoding="utf-8",
        )  # fmt: skip
    try:
        found = (re.search(r"http://\S+", line) for line in desk.stdout or ())
        address = next((match[0] for match in found if match), None)
        assert address, log.read_text(encoding="utf-8")
        with urlopen(address, timeout=LONGEST) as page:
            assert page.status == 200
            assert "<title>" in page.read().decode("utf-8")
    finally:
        desk.send_signal(signal.SIGINT)  # Ctrl-C
        desk.communicate(timeout=60)
    assert desk.returncode == 0
