#!/usr/bin/env bash
# Python's unicodedata: NFKC makes the Kangxi radicals characters, but of the 115
# radicals of the supplement only two.
#
# Expected: after unicodedata.normalize("NFKC", …) text copied from a PDF compares
# equal to the same text typed. Fonts map glyphs to radicals of either block.
# Seen:
#   ⻓江 (U+2ED3) and 长江 stay two names; so do ⻢ 马, ⻋ 车, ⻔ 门, ⻄ 西, ⻩ 黄
#   ⾦龙 (U+2FA6, Kangxi) becomes 金龙
# Unicode keeps the pairs in EquivalentUnifiedIdeograph.txt; unicodedata has them not.
#
# For a user: a table of names that was normalized still holds an applicant twice,
# and nobody sees the difference on the screen.
set -euo pipefail

python3 - <<'PY'
import unicodedata

block = [chr(c) for c in range(0x2E80, 0x2EF4) if c != 0x2E9A]
changed = [c for c in block if unicodedata.normalize("NFKC", c) != c]
print("Unicode", unicodedata.unidata_version, "supplement", len(block), "changed", changed)
print(unicodedata.normalize("NFKC", "⻓江") == "长江", unicodedata.normalize("NFKC", "⾦龙") == "金龙")

assert len(block) == 115 and changed == ["⺟", "⻳"]
assert unicodedata.normalize("NFKC", "⻓江") != "长江"
assert unicodedata.normalize("NFKC", "⾦龙") == "金龙"
kangxi = [chr(c) for c in range(0x2F00, 0x2FD6)]
assert all(unicodedata.normalize("NFKC", c) != c for c in kangxi)
PY
