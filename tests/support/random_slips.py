"""Registers and opening ledgers as people hand them in: clean ones, with slips and habits put in at random.

Everything follows from a seed. A dirtied table says which of its rows were changed; the clean one gives what is right.
"""

from __future__ import annotations

import datetime
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from changji_sim.applications.similar_names import core_of
from changji_sim.base.credit_code import check_character
from changji_sim.base.radicals import RADICALS
from changji_sim.base.traditional import TRADITIONAL
from changji_sim.tables.table import Row, Table

HEADERS = (
    "申报编号", "支持方向", "申报单位", "统一社会信用代码", "申报日期", "申请金额（万元）", "项目总投资（万元）",
    "技术交易额（万元）", "贷款本金（万元）", "年利率", "起息日", "期限（月）", "保费（万元）",
)  # fmt: skip
AMOUNTS = tuple(header for header in HEADERS if header.endswith("（万元）"))
OPENING_HEADERS = (
    "支持方向", "申报单位", "统一社会信用代码", "立项金额（万元）", "已拨金额（万元）", "2026年应拨（万元）",
    "2027年应拨（万元）", "验收年度", "绩效评价等级", "暂停申报至",
)  # fmt: skip
UNSEEN = ("\u200b", "\ufeff", "\u00ad", "\u2060", "\u200e", "\x07", "\ufe0f", "\u180e", "_x000D_", "_x0007_", "\u3164")
SPACES = ("\u00a0", "\u3000", "\n", " ", "\t", "\u2002", "\x0b")
LOOKS = {
    "（": "([【〔［{", "）": ")]】〕］}", "-": "—–‐－−", "·": "•・‧．∙", "“": "\"『「", "”": "\"』」"
}  # fmt: skip
TO_RADICAL = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0x2F00, 0x2FD6)} | {
    character: chr(radical) for radical, character in ((r, chr(c)) for r, c in RADICALS.items())
}
TO_TRADITIONAL = {chr(simple): chr(full) for full, simple in reversed(TRADITIONAL.items())}
NAMES = (
    "昌吉天山科技有限公司", "昌吉市华兴农业股份有限公司", "新疆西马车业有限公司", "阜康“金龙”化工有限公司",
    "奇台县民丰（集团）有限公司", "呼图壁长青-绿洲生物有限公司", "玛纳斯买买提·阿不都商贸有限公司",
    "吉木萨尔龙门机械厂", "木垒鹰嘴豆合作社", "昌吉学院", "昌吉州农业科学研究所",
    "昌吉高新区风电设备有限责任公司", "五家渠黄金食品有限公司", "准东煤电研究院", "昌吉骨科医院",
)  # fmt: skip
UNITS = (("元", 10_000), ("元", 10_000), ("千元", 10), ("亿元", 1e-4), ("百万元", 0.01))
FORMATS = (  # and how many times the number the cell then holds
    ('0!.0,"万"', 10_000), ("0!.0000,万", 10_000), ("0.00,", 1000), ('0.00"元"', 1), ("0%", 1), ('0.0"万元"', 1),
    ("#,##0.00", 1), (";;;", 1),
)  # fmt: skip
SHORT = 6  # characters of a name: of a shorter one a letter says little
MARKS = ("同上", "〃", "同 上", "（同上）", "ditto", "“", "″", "同前")


@dataclass
class Sheet:
    """A table that is still being changed.

    Args:
        dirtied: lines of rows that were changed, so that what is read from them may be another.
        is_told_whole: the table as a whole may be refused: what is wrong stands above its rows.
    """

    headers: list[str]
    rows: list[list]
    titles: list[tuple[int, str]] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> number format
    dirtied: set[int] = field(default_factory=set)
    kinds: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the rows, where some were taken out

    @property
    def header_line(self) -> int:
        return max([line for line, _ in self.titles], default=0) + 1

    def line(self, row: int) -> int:
        return self.header_line + 1 + (self.numbers[row] if self.numbers else row)

    def table(self, name: str = "申报.xlsx") -> Table:
        """The table as it would be read from a workbook."""
        rows = [
            Row(self.line(n), list(cells), {c: text for (r, c), text in self.formats.items() if r == n})
            for n, cells in enumerate(self.rows)
        ]
        return Table(Path(name), "申报", tuple(self.headers), tuple(rows), self.header_line, tuple(self.titles))

    def copy(self) -> Sheet:
        return Sheet(list(self.headers), [list(row) for row in self.rows], list(self.titles), dict(self.formats))


def credit_code(chance: random.Random) -> str:
    """A code that fits its check character."""
    body = "9165230" + "".join(chance.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(10))
    return body + check_character(body)


def clean_register(seed: int, rows: int) -> Sheet:
    """A register of five items under the law, whose shared caps make it matter who applies, when and for how much."""
    chance = random.Random(f"register {seed}")
    codes = {name: credit_code(chance) for name in NAMES}
    found, name = [], chance.choice(NAMES)
    for number in range(rows):
        name = name if chance.random() < 0.3 else chance.choice(NAMES)
        day, clock = (chance.randint(1, 12), chance.randint(1, 28)), (chance.randint(8, 18), chance.choice((0, 15, 45)))
        moment = datetime.datetime(2026, *day, *clock)
        item = chance.choice(("科技交流活动", "产业重大技术攻关", "技术交易补助", "科技贷款贴息", "科技保险保费补贴"))
        cells = dict.fromkeys(HEADERS)
        cells |= {"申报编号": f"CJ-{number + 1:04d}", "支持方向": item, "申报单位": name, "申报日期": moment}
        cells["统一社会信用代码"] = codes[name]
        if item == "科技交流活动":
            cells["申请金额（万元）"] = chance.randint(4, 30)
        elif item == "产业重大技术攻关":
            cells["项目总投资（万元）"] = chance.randint(150, 900)
            cells["申请金额（万元）"] = round(cells["项目总投资（万元）"] * chance.uniform(0.1, 0.4))
        elif item == "技术交易补助":
            cells["技术交易额（万元）"] = chance.randint(60, 900)
        elif item == "科技贷款贴息":
            start = datetime.date(2026, chance.randint(1, 12), chance.randint(1, 28))
            cells |= {"贷款本金（万元）": chance.randint(100, 900), "年利率": chance.randint(200, 500) / 10_000,
                      "起息日": start, "期限（月）": 12 * chance.randint(1, 4)}  # fmt: skip
        else:
            cells["保费（万元）"] = chance.randint(2, 40)
        found.append([cells[header] for header in HEADERS])
    return Sheet(list(HEADERS), found)


def clean_opening(seed: int, rows: int) -> Sheet:
    """An opening ledger of projects that still have payments due."""
    chance = random.Random(f"opening {seed}")
    codes = {name: credit_code(chance) for name in NAMES}
    found, name = [], chance.choice(NAMES)
    for _ in range(rows):
        name = name if chance.random() < 0.3 else chance.choice(NAMES)
        committed = 10 * chance.randint(4, 30)
        paid = round(committed * 0.6)
        due = (committed - paid, None) if chance.random() < 0.5 else (None, committed - paid)
        item = chance.choice(("产业重大技术攻关", "科技交流活动", "跨区域协同创新"))
        bar = chance.choice((None, None, None, 2027))
        rest = (chance.choice((2026, 2027)), chance.choice((None, "合格", "优秀")), bar)
        found.append([item, name, codes[name], committed, paid, *due, *rest])
    return Sheet(list(OPENING_HEADERS), found)


# --- what offices do -------------------------------------------------------------------------------------------------


class Dirtying:
    """One sheet and what is done to it; every method is a habit."""

    def __init__(self, sheet: Sheet, chance: random.Random, share: float = 0.2):
        self.sheet, self.chance, self.share = sheet, chance, share

    def some_rows(self) -> list[int]:
        """Rows to be changed, at least one."""
        rows = [n for n in range(len(self.sheet.rows)) if self.chance.random() < self.share]
        return rows or [self.chance.randrange(len(self.sheet.rows))]

    def column(self, header: str) -> int:
        """Position of a column that may have been called otherwise by now; −1 where it is no longer there."""
        return next((n for n, name in enumerate(self.sheet.headers) if name == header), -1)

    def touch(self, row: int) -> None:
        self.sheet.dirtied.add(row)

    def change(self, header: str, to: Callable[[object], object]) -> None:
        """Change the cells of a column in some rows."""
        at = self.column(header)
        for row in self.some_rows() if at >= 0 else ():
            cell = self.sheet.rows[row][at]
            if cell is not None and cell not in MARKS:
                self.sheet.rows[row][at] = to(cell)
                self.touch(row)

    # who

    def marks(self) -> None:
        at, code = self.column("申报单位"), self.column("统一社会信用代码")
        for row in self.some_rows():
            if row and self.sheet.rows[row][at] == self.sheet.rows[row - 1][at]:
                self.sheet.rows[row][at] = self.chance.choice(MARKS)
                self.touch(row)
        if code >= 0 and self.chance.random() < 0.3:
            for row in self.some_rows():
                if row and self.sheet.rows[row][code] == self.sheet.rows[row - 1][code]:
                    self.sheet.rows[row][code] = "同上"
                    self.touch(row)

    def unseen(self) -> None:
        header = self.chance.choice(("申报单位", "申报单位", "支持方向", "统一社会信用代码", "申报编号"))
        self.change(header, lambda cell: self._with(str(cell), self.chance.choice(UNSEEN)))

    def spaces(self) -> None:
        self.change("申报单位", lambda cell: self._with(str(cell), self.chance.choice(SPACES)))

    def _with(self, text: str, inserted: str) -> str:
        within = [n for found in re.finditer("_x[0-9A-F]{4}_", text) for n in range(found.start() + 1, found.end())]
        at = self.chance.choice([n for n in range(len(text) + 1) if n not in within])
        return text[:at] + inserted + text[at:]

    def looks(self) -> None:
        def other(cell: object) -> str:
            return "".join(self.chance.choice(LOOKS[c]) if c in LOOKS else c for c in str(cell))

        self.change("申报单位", other)

    def radicals(self) -> None:
        self.change("申报单位", lambda cell: "".join(TO_RADICAL.get(c, c) for c in str(cell)))

    def wide(self) -> None:
        def other(cell: object) -> str:
            is_plain = "_x" not in str(cell)
            return "".join(chr(ord(c) + 0xFEE0) if is_plain and "!" <= c <= "~" else c for c in str(cell))

        self.change("申报单位", other)
        self.change("统一社会信用代码", lambda cell: other(cell).lower())

    def legal_forms(self) -> None:
        def other(cell: object) -> str:
            name = str(cell)
            if "股份有限公司" in name:
                return name.replace("股份有限公司", "有限公司")
            if "有限责任公司" in name:
                return name.replace("有限责任公司", "有限公司")
            return name.replace("有限公司", "有限责任公司") if "有限公司" in name else f"{name}（本部）"

        self.change("申报单位", other)

    def places(self) -> None:
        def other(cell: object) -> str:
            name = str(cell)
            if name.startswith("昌吉市"):
                return name.replace("昌吉市", "昌吉", 1)
            if self.chance.random() < 0.5:
                return re.sub(r"^昌吉(?![市州高])", "昌吉市", name)
            return name if name.startswith("新疆") else f"新疆{name}"

        self.change("申报单位", other)

    def traditional(self) -> None:
        self.change("申报单位", lambda cell: "".join(TO_TRADITIONAL.get(c, c) for c in str(cell)))

    def typos(self) -> None:
        """One character of a name is another: once a name, for two slips of one are too far apart to be told."""
        done: set[str] = set()

        def other(cell: object) -> object:
            name = str(cell)
            core = core_of(name).core  # where a place, a form or a number was changed as well, a slip is too many
            at = self.chance.choice([n for n, c in enumerate(name) if c in core[:-1]] or [0])
            if core in done or len(name) < SHORT:
                return cell
            done.add(core)
            return name[:at] + self.chance.choice("枝琪晖祥") + name[at + 1 :]

        self.change("申报单位", other)

    def remarks(self) -> None:
        behind = ("（盖章）", "（公章）", "。", "1", "（本部）", "，", "(新)")
        self.change("申报单位", lambda cell: f"{cell}{self.chance.choice(behind)}")

    def wrong_code(self) -> None:
        def other(cell: object) -> str:
            code, at = str(cell), self.chance.randrange(18)
            others = [c for c in "0123456789OIZX" if c != code[at : at + 1]]
            return code[:at] + self.chance.choice(others) + code[at + 1 :]

        self.change("统一社会信用代码", other)

    def no_codes(self) -> None:
        """The column is not there, or some cells of it are empty."""
        at = self.column("统一社会信用代码")
        if at >= 0 and self.chance.random() < 0.7:
            for row in self.sheet.rows:
                del row[at]
            del self.sheet.headers[at]
            self.sheet.formats = {(r, c - (c > at)): text for (r, c), text in self.sheet.formats.items() if c != at}
        else:
            self.change("统一社会信用代码", lambda cell: self.chance.choice((None, "无", "/", "-")))

    # how much

    def _amount(self) -> int:
        headers = [n for n, header in enumerate(self.sheet.headers) if header.endswith("（万元）")]
        return self.chance.choice(headers) if headers else -1

    def in_yuan(self) -> None:
        """A whole column in yuan, as its header says in one way or another."""
        at = self._amount()
        if at < 0:
            return
        base = self.sheet.headers[at].removesuffix("（万元）")
        if any(isinstance(row[at], str) for row in self.sheet.rows):
            return
        unit, times = self.chance.choice(UNITS)
        shape = self.chance.choice(
            ("{}（{}）", "{}({})", "{}/{}", "{}：{}", "{}【{}】", "{}（单位：{}）", "{}（人民币{}）")
        )
        self.sheet.headers[at] = shape.format(base, unit)
        self._scale(at, times)

    def _scale(self, at: int, times: float) -> None:
        for row in self.sheet.rows:
            if isinstance(row[at], int | float):
                value = row[at] * times
                row[at] = round(value, 10) if times < 1 else round(value)

    def title_unit(self) -> None:
        """单位： above the table; the headers name none, or the same, or another."""
        if self.sheet.titles or any(type(row[self._amount()]) is str for row in self.sheet.rows):
            return
        unit, times = self.chance.choice((("万元", 1), ("元", 10_000)))
        shape = self.chance.choice(("单位：{}", "（单位：{}）", "金额单位：人民币{}", "单位: {}"))
        self.sheet.titles = [(1, "2026年度申报汇总表"), (2, shape.format(unit))]
        does_say = self.chance.random() < 0.5
        for at, header in enumerate(self.sheet.headers):
            if header.endswith("（万元）"):
                self._scale(at, times)
                self.sheet.headers[at] = header if does_say else header.removesuffix("（万元）")
        if does_say and times != 1:
            self.sheet.dirtied.update(range(len(self.sheet.rows)))

    def some_in_yuan(self) -> None:
        at = self._amount()
        for row in self.some_rows() if at >= 0 else ():
            if isinstance(self.sheet.rows[row][at], (int, float)):
                self.sheet.rows[row][at] = round(self.sheet.rows[row][at] * 10_000)
                self.touch(row)

    def formats(self) -> None:
        """A number format that shows another amount than the cell holds."""
        at = self._amount()
        text, times = self.chance.choice(FORMATS)
        for row in self.some_rows() if at >= 0 else ():
            if isinstance(self.sheet.rows[row][at], (int, float)):
                self.sheet.rows[row][at] = round(self.sheet.rows[row][at] * times)
                self.sheet.formats[row, at] = text
                self.touch(row)

    def written_out(self) -> None:
        """Amounts as texts, with their unit behind them or not."""
        header = self.chance.choice([h for h in self.sheet.headers if h.endswith("（万元）")] or ["-"])
        shape = self.chance.choice(("{:,}", "{}", "{}万元", "{}万", "¥{}", " {} "))
        self.change(header, lambda cell: shape.format(cell) if isinstance(cell, (int, float)) else cell)

    def per_cent(self) -> None:
        at = self.column("年利率")
        if at < 0:
            return
        way = self.chance.randrange(4)
        for row in range(len(self.sheet.rows)):
            rate = self.sheet.rows[row][at]
            if isinstance(rate, float):
                self.sheet.rows[row][at] = (f"{100 * rate:.10g}%", *[round(100 * rate, 10)] * 2, rate)[way]
                if way >= 2:
                    self.touch(row)
        if way in (1, 3):  # 3: shares under a header of per cent
            self.sheet.headers[at] = self.chance.choice(("年利率（%）", "年利率%", "年利率(％)"))

    def in_years(self) -> None:
        at = self.column("期限（月）")
        if at >= 0:
            self.sheet.headers[at] = self.chance.choice(("期限（年）", "贷款期限（年）", "期限/年"))
            for row in self.sheet.rows:
                row[at] = row[at] // 12 if isinstance(row[at], int) else row[at]

    def years_for_months(self) -> None:
        self.change("期限（月）", lambda cell: cell // 12 if isinstance(cell, int) and cell % 12 == 0 else cell)

    # when

    def days(self) -> None:
        halves = {True: "上午", False: "下午"}

        def other(cell: object) -> object:
            if not isinstance(cell, datetime.datetime):
                return cell
            weekday = "一二三四五六日"[cell.weekday()]
            half, hour = halves[cell.hour < 12], cell.hour if cell.hour <= 12 else cell.hour - 12
            return self.chance.choice(
                (
                    f"{cell:%Y-%m-%d %H:%M}", f"{cell.year}年{cell.month}月{cell.day}日 {half}{hour}:{cell:%M}",
                    f"{cell:%Y/%m/%d} 星期{weekday} {cell:%H:%M}",
                    f"{cell.year}年{cell.month:02d}月{cell.day:02d}号{cell:%H}时{cell:%M}分",
                    f"{cell:%Y-%m-%dT%H:%M:%S}+08:00", f"{cell - datetime.timedelta(hours=8):%Y-%m-%dT%H:%M:%S}Z",
                    f"{cell:%Y%m%d%H%M%S}", f"{cell.month}月{cell.day}日", f"{cell:%y.%m.%d}",
                    f"{cell:%Y-%m-%d}（补）",
                )
            )  # fmt: skip

        self.change("申报日期", other)

    def no_time(self) -> None:
        self.change("申报日期", lambda cell: cell.date() if isinstance(cell, datetime.datetime) else cell)

    def other_headers(self) -> None:
        words = {"申报编号": "序号", "支持方向": "项目类别", "申报单位": "单位名称", "申报日期": "受理时间",
                 "统一社会信用代码": "社会信用代码（18位）"}  # fmt: skip
        for at, header in enumerate(self.sheet.headers):
            if header in words and self.chance.random() < 0.6:
                self.sheet.headers[at] = words[header]


WHO = (
    "marks", "unseen", "spaces", "looks", "radicals", "wide", "legal_forms", "places", "remarks", "wrong_code",
    "traditional", "typos",
)  # fmt: skip
HOW_MUCH = (
    "in_yuan", "title_unit", "some_in_yuan", "formats", "written_out", "per_cent", "in_years", "years_for_months"
)  # fmt: skip
WHEN = ("days", "no_time")


def dirtied(sheet: Sheet, seed: object, most: int = 4) -> Sheet:
    """A copy with some habits put in; what it was told to be is in its ``kinds``."""
    chance = random.Random(f"dirt {seed}")
    other = sheet.copy()
    work = Dirtying(other, chance, chance.choice((0.05, 0.2, 0.5)))
    kinds = chance.sample((*WHO, *HOW_MUCH, *WHEN), chance.randint(1, most))
    if chance.random() < 0.6:
        kinds.append("no_codes")
    if chance.random() < 0.3:
        kinds.append("other_headers")
    for kind in kinds:
        getattr(work, kind)()
    other.kinds = kinds
    return other
