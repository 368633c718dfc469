#!/usr/bin/env bash
# import-linter 2.17 (with grimp 3.20): a folder without __init__.py inside a
# package is not looked at, and the contract is called kept.
#
# Python imports from such a folder as from any other.
#
# Expected: the import in it is found; or a word that files were left out.
# Seen, for app/rules/loans/terms.py with "from app.pages import show", which the
# contract forbids:
#   without app/rules/loans/__init__.py: Contracts: 1 kept, 0 broken.
#   with it:                             Contracts: 0 kept, 1 broken.
#
# For a user: one file forgotten when a folder is made, and the rule "rules do not
# know pages" is no longer checked there, while the check stays green.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    import-linter==2.17 grimp==3.20 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

print({p: version(p) for p in ("import-linter", "grimp")})
for name, text in {
    "app/__init__.py": "",
    "app/pages/__init__.py": "",
    "app/pages/show.py": "",
    "app/rules/__init__.py": "",
    "app/rules/loans/terms.py": "from app.pages import show\n",
    ".importlinter": "[importlinter]\nroot_package = app\n\n"
    "[importlinter:contract:one]\nname = rules do not know pages\ntype = forbidden\n"
    "source_modules = app.rules\nforbidden_modules = app.pages\n",
}.items():
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
subprocess.run([sys.executable, "-c", "import app.rules.loans.terms"], check=True)


def verdict():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], capture_output=True, text=True)
    [line] = [s for s in done.stdout.splitlines() if s.startswith("Contracts: ")]
    return done.returncode, line


without = verdict()
print("without __init__.py:", without)
Path("app/rules/loans/__init__.py").touch()
with_it = verdict()
print("with __init__.py:   ", with_it)

assert without == (0, "Contracts: 1 kept, 0 broken.")
assert with_it == (1, "Contracts: 0 kept, 1 broken.")
PY
