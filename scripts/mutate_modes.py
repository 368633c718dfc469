"""Delete each line of our modes' formulas in turn and say what notices: loading, the worked cases, or the contract.

    python scripts/mutate_modes.py

Prints a line a mode, and every line whose loss nothing notices; the exit code is 1 if there is any.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from mutated_modes import BY_CASES, BY_CONTRACT, LOADING, UNNOTICED, mutants, noticed_by, worked_cases  # noqa: E402


def main() -> int:
    """Print what notices; the exit code."""
    cases, all_found = worked_cases(), Counter()
    for path in sorted((ROOT / "plugins").glob("*.py")):
        if path.stem == "__init__":
            continue
        found = {number: noticed_by(path.stem, source, cases) for number, source in mutants(path.stem)}
        counts = Counter(found.values())
        all_found += counts
        parts = [f"{counts[what]} by {what}" for what in (LOADING, BY_CASES, BY_CONTRACT, UNNOTICED) if counts[what]]
        print(f"{path.stem}: {len(found)} lines: {', '.join(parts)}")
        for number in (number for number, what in found.items() if what == UNNOTICED):
            print(f"  nothing notices the loss of {path.name}:{number}")
    print(f"in all {sum(all_found.values())} lines, {all_found[UNNOTICED]} unnoticed")
    return bool(all_found[UNNOTICED])


if __name__ == "__main__":
    sys.exit(main())
