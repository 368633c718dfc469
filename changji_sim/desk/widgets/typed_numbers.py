"""Script that reads what is typed beside a slider: a number as people write it, or a small sum of such numbers.

``8,650``, ``８６５０``, ``8650万元``, ``0.8亿``; numbers joined by + − × ÷, of which × and ÷ come first: ``8000×0.9``,
``6480+200``. There are no brackets and no powers, and no text is run as a program. What begins with + is so much more
than there is now: ``+200``, ``+2`` in percent or years; what begins with − is a number below nought.

Percent of an amount is a part of what stands before it: ``8000-10%``, and ``-10%`` of what there is now. After + or −
it stands alone: ``8000-10%×2`` might be a fifth less, or a fifth of a 万元. In a field of percent the first factor is
in percent, and so is what is added: ``8+2%`` is 10, ``8×50%`` is 4, ``8%×2`` is 16.
"""

from __future__ import annotations

REFUSED = {  # what is said of what was typed beside a slider and is no number in its unit, by unit or reason
    "万元": ("“{typed}”不能用。请填以万元为单位的数，如 8000、0.8亿、8000-10%；在现值上减一成，请填 -10%。",
             "'{typed}' will not do. Write a number of 万元, such as 8000 or 8000-10%; for a tenth less than now write "
             "-10%."),
    "%": ("“{typed}”不能用。请填百分数，如 8、8% 或 8+2。",
          "'{typed}' will not do. Write a percentage, such as 8, 8% or 8+2."),
    "": ("“{typed}”不能用。请填数字，如 12、0.5 或 12×2。",
         "'{typed}' will not do. Write a number, such as 12, 0.5 or 12×2."),
    "share": ("“{typed}”不能用：加号、减号后面的百分数不能再乘除。请直接填百分数，如 8000-20%，或填得数。",
              "'{typed}' will not do: after + or - a percentage cannot be multiplied or divided. Write the percentage "
              "itself, such as 8000-20%, or the result."),
}  # fmt: skip
COUNTED = {  # what is said of what was worked out: from what was typed alone, or from the value there was
    "sum": ("{typed} = {number}{unit}", "{typed} = {number}{unit}"),
    "now": (
        "{typed} 按改前的 {before}{unit}计：{number}{unit}",
        "{typed}, counted from the {before}{unit} before: {number}{unit}",
    ),
}

TYPED_NUMBERS = r"""
const TOKEN = /\s*(?:(\d+\.?\d*|\.\d+)\s*(%|万元?|亿元?|年)?|([-+*/]))/y;

// Numbers and signs of a text; null where there is anything else. A comma or a space parts groups of three digits;
// elsewhere nobody knows what it means: 8,5.
function tokens(typed, unit) {
  const text = typed.normalize("NFKC").replace(/(?<=\d)[,\s](?=\d{3}(?!\d))/g, "").replace(/[−–]/g, "-")
    .replace(/[×xX]/g, "*").replace(/÷/g, "/").replace(/^\s*=/, "").trim();
  const found = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    const [, digits, written = "", sign] = match, isAmount = unit === "万元";
    if (!sign && written && written !== unit && !(isAmount && /^[万亿%]/.test(written))) return null;
    found.push(sign ? {sign} : {
      number: Number(digits) * (written.startsWith("亿") ? 10000 : 1), isPercent: written === "%",
    });
  }
  return found;
}

// The number that is meant, and what it was counted from: "sum" of what is written, or the value that stands
// there "now"; "" where it is written as it is. null: no number in this unit; a key of REFUSED where that says more.
function meant(typed, unit, before) {
  const all = tokens(typed, unit);
  if (!all?.length) return null;
  let at = 0;
  const isPart = (one) => one.isPercent && unit !== "%";  // of a share, percent is the unit
  // Whether what stands between two signs, from here on, is a percentage with factors.
  const isFactored = (from) => at - from > 1 && all.slice(from, at).some(isPart);

  function product() {
    let left = all[at++];
    if (left?.number === undefined) return null;
    left = {...left};
    while (/[*/]/.test(all[at]?.sign ?? "")) {
      const {sign} = all[at++], right = all[at++];
      if (right?.number === undefined) return null;
      const by = right.isPercent ? right.number / 100 : right.number;
      if (isPart(left) && !right.isPercent) left = {number: left.number / 100, isPercent: false};  // 90% × 8000
      left.number = sign === "*" ? left.number * by : left.number / by;
    }
    return left;
  }

  const first = all[0].sign && all[at++].sign;
  if (first && !/[-+]/.test(first)) return null;
  let from = at, one = product(), counted = all.length > (first ? 2 : 1) ? "sum" : "";
  if (!one) return null;
  if (first && isFactored(from)) return {why: "share"};
  let value;
  if (first && isPart(one)) [value, counted] = [before * (1 + Number(`${first}1`) * one.number / 100), "now"];
  else if (isPart(one)) return null;  // 90% of what?
  else if (first === "+") [value, counted] = [before + one.number, "now"];
  else value = first === "-" ? -one.number : one.number;
  while (at < all.length) {
    const sign = all[at++].sign;
    from = at;
    if (!sign || !(one = product())) return null;
    if (isFactored(from)) return {why: "share"};
    const by = (isPart(one) ? value * one.number / 100 : one.number);
    value += sign === "+" ? by : -by;
  }
  const number = Number(value.toPrecision(12));
  return Number.isFinite(number) ? {number, counted} : null;
}
"""
