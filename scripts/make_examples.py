"""Make the examples: 虚构示例, made up from first to last.

    python scripts/make_examples.py [FOLDER]

Nothing is drawn at random: names go round and amounts come from a fixed rule, so every machine makes the same files.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from statistics import NormalDist
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from changji_sim.applications.known_columns import KnownColumns
from changji_sim.applications.template import SHEET, template_columns
from changji_sim.applications.written_table import put_text, workbook_bytes
from changji_sim.assess.assess_applications import law_scenario
from changji_sim.base.files import write_whole

FOLDER = Path(__file__).parent.parent / "scenarios" / "examples"
MARK = "虚构示例"
PLACES = ("庭州", "天山北坡", "准东", "玛纳斯河", "奇台", "木垒", "阜康", "呼图壁", "吉木萨尔", "五家渠北")
TRADES = ("装备", "新材料", "种业", "煤化工", "生物", "软件", "能源", "农机", "食品", "环保", "电子", "矿山")
FORMS = ("有限公司", "科技有限公司", "股份有限公司")
INSTITUTES = (
    "农业研究所",
    "职业技术学院",
    "中医医院",
    "林草研究院",
    "人民医院",
    "水利研究所",
    "师范学院",
    "能源研究院",
)
PLATFORMS = ("重点实验室", "技术创新中心", "工程技术研究中心", "临床医学研究中心", "科技型企业孵化器", "众创空间")
HOW_MANY = {  # item: rows
    "core_technology": 18,
    "transfer_project": 5,
    "commissioner": 18,
    "technology_trade": 34,
    "infrastructure": 1,
    "national_platform": 2,
    "regional_platform": 6,
    "social_development": 12,
    "contest": 9,
    "rd_growth": 16,
    "rd_starter": 14,
    "new_hightech": 16,
    "loan_interest": 12,
    "insurance_premium": 10,
    "cross_region": 8,
    "local_linkage": 7,
    "exchange": 14,
    "special_case": 2,
}


def enterprise(n: int) -> str:
    """The n-th made-up enterprise; they go round, so that one applies for several things."""
    n %= 90
    return f"{MARK}·{PLACES[n % 10]}{TRADES[(n // 3 + n) % 12]}{FORMS[n % 3]}"


def institute(n: int) -> str:
    """The n-th made-up institute."""
    return f"{MARK}·{PLACES[n % 10]}{INSTITUTES[n % 8]}"


def spread(n: int, low: float, high: float, digits: int = 0) -> float:
    """A number between ``low`` and ``high`` that jumps about with n and is the same on every machine."""
    return round(low + (high - low) * ((n * 37 + 11) % 101) / 100, digits)


def amounts(item: str, n: int) -> dict[str, Any]:
    """What the n-th application of an item says, by column name."""
    if item in ("core_technology", "cross_region", "social_development", "local_linkage"):
        investment = spread(n, 120, 900) if n % 6 else spread(n, 1500, 4000)
        row = {"total_investment_wan": investment, "requested_wan": round(investment * (0.12 + n % 5 * 0.03), 2)}
        row["term_years"] = 1 + n % 3
        row["other_public_wan"] = 30 if n % 7 == 3 else None
        if item == "local_linkage":
            row["local_public_wan"] = 0 if n == 4 else 20 + 5 * n  # one that neither park nor county funds
        return row
    one_by_one = {
        "transfer_project": {"requested_wan": 150 + 100 * n, "total_investment_wan": 900 + 400 * n, "term_years": 3},
        "commissioner": {"requested_wan": 6 + n % 9 * 2, "term_years": 1 + n % 2},
        "technology_trade": {
            "transaction_wan": spread(n, 8, 260, 4) if n % 4 else spread(n, 480, 1900, 4),
            "lands_here": "是",
        },
        "infrastructure": {"requested_wan": 1200, "term_years": 3},
        "special_case": {"requested_wan": 400 - 50 * n, "term_years": 2},
        "rd_growth": {"rd_last_year_wan": spread(n, 300, 2600), "rd_this_year_wan": _grown(n)},
        "rd_starter": {
            "rd_this_year_wan": spread(n, 20, 180),
            "is_above_scale": "是",
            "is_hightech": "是" if n == 3 else "否",
            "has_rd_body": "是",
            "has_patent": "否" if n == 8 else "是",
        },
        "loan_interest": {
            "principal_wan": 100 + 50 * (n % 9),
            "annual_rate": 0.0345 + 0.001 * (n % 6),
            "start": datetime.date(2026, 1 + n % 9, 10),
            "months": (12, 24, 36)[n % 3],
            "repayment": "等额本金" if n % 4 == 1 else "到期还本",
        },
        "insurance_premium": {"premium_wan": spread(n, 2, 14, 2), "insured_year": 1 + n % 3},
        "exchange": {"requested_wan": spread(n, 18, 48)},
    }
    return one_by_one.get(item, {})


def _grown(n: int) -> float:
    """This year's R&D spend: some grow a little, some much, one shrinks."""
    return round(spread(n, 300, 2600) * (0.95 if n == 5 else 1.04 + 0.05 * (n % 5)), 2)


def awards(item: str, n: int) -> dict[str, Any]:
    """Tier and platform of the n-th application for an award."""
    if item == "contest":
        return {"tier": "一等奖" if n == 0 else "二等奖" if n < 3 else "三等奖"}
    if item == "national_platform":
        return {"tier": "产业类" if n == 0 else "其他", "platform": f"{MARK}·国家级{PLATFORMS[1 + 2 * n]}"}
    if item == "regional_platform":
        name = 1 if n == 5 else n  # the last one applies again for a platform that was just awarded
        return {"tier": "产业类" if name < 3 else "社会事业类", "platform": f"{MARK}·自治区{PLATFORMS[name]}"}
    return {}


def applicant(item: str, n: int) -> str:
    """Who makes the n-th application of an item."""
    if item in ("commissioner", "exchange", "infrastructure", "social_development"):
        return institute(n)
    if item == "technology_trade":
        return enterprise(n % 9 * 4 + 2) if n % 4 else enterprise(n % 8)  # two trade often and largely
    return enterprise(n * 5 + list(HOW_MANY).index(item) * 3)


def rows() -> Iterator[dict[str, Any]]:
    """All applications in the order of their numbers, by code name."""
    known = KnownColumns(law_scenario())
    titles = {item.key: item.title for item in known.scenario.items}
    number = count(1)
    for item, how_many in HOW_MANY.items():
        for n in range(how_many):
            who = applicant(item, n)
            day = datetime.date(2026, 1, 12) + datetime.timedelta(days=(n * 53 + len(item) * 7) % 300)
            yield {
                "application_id": f"SL2026-{next(number):04d}",
                "item": titles[item],
                "applicant": who,
                "submitted": day,
                "group": f"{MARK}·天山集团" if who in (enterprise(4), enterprise(8)) else None,
                **amounts(item, n),
                **awards(item, n),
            }


def register() -> bytes:
    """The workbook of applications: one sheet filled in like the template, one that says it is made up."""
    columns = template_columns(KnownColumns(law_scenario()))
    book = Workbook()
    sheet, about = book.active, book.create_sheet("说明")
    sheet.title = SHEET
    for n, column in enumerate(columns, 1):
        put_text(sheet.cell(1, n), column.header).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = max(12, 2.2 * len(column.header))
    for line, row in enumerate(rows(), 2):
        for n, column in enumerate(columns, 1):
            _put(sheet.cell(line, n), row.get(column.name), column.name)
    sheet.freeze_panes = "B2"
    about.append([f"{MARK}：单位、项目和金额全部为编造，仅用于演示 changji-sim assess，不代表任何真实申报。"])
    about.append(["Made up from first to last by scripts/make_examples.py; no real applicant, project or amount."])
    about.append(["大赛有效报名数量按 80 个计：changji-sim assess applications_2026.xlsx --registrations 80"])
    about.column_dimensions["A"].width = 100
    return workbook_bytes(book)


# --- a planner's year: what past years left, what 2026 decided and paid -----------------------------------------------

LEDGER = "ledger_2026.csv"  # to 30 June
PAST = {  # item: applications in 2023, 2024, 2025
    "core_technology": (16, 19, 18),
    "new_hightech": (62, 71, 83),
    "exchange": (46, 55, 52),
}
PAST_HEADERS = (
    "申报编号", "预算年度", "支持方向", "申报单位", "申报日期", "项目总投资（万元）", "申请金额（万元）", "期限（年）",
    "是否通过",
)  # fmt: skip


def lognormal(n: int, median: float, sigma: float) -> float:
    """The n-th amount of a lognormal distribution, jumping about with n."""
    return round(median * math.exp(sigma * NormalDist().inv_cdf(((n * 37 + 11) % 101 + 0.5) / 101)), 1)


def past_rows() -> Iterator[tuple[Any, ...]]:
    """The applications of 2023 to 2025, item by item and year by year."""
    titles = {item.key: item.title for item in law_scenario().items}
    number = count(1)
    for item, by_year in PAST.items():
        for year, how_many in zip((2023, 2024, 2025), by_year, strict=True):
            for n in range(how_many):
                each = next(number)
                day = datetime.date(year, 1, 5) + datetime.timedelta(days=n * 355 // how_many)
                who = institute(each) if item == "exchange" else enterprise(each * 7)
                investment = requested = term = passed = None
                if item == "exchange":
                    requested, passed = lognormal(each, 6, 0.7), "是"
                elif item == "core_technology":
                    investment = lognormal(each, 260, 0.7)
                    requested = round(investment * (0.14 + each % 5 * 0.04), 1)
                    term, passed = 1 + each % 3, "是" if each % 9 in (0, 2, 5, 7) else "否"
                yield (f"LN{each:04d}", year, titles[item], who, day, investment, requested, term, passed)


def past() -> bytes:
    """The workbook of past years, and a sheet that says that it is made up."""
    book = Workbook()
    sheet, about = book.active, book.create_sheet("说明")
    sheet.title = "往年申报"
    for n, header in enumerate(PAST_HEADERS, 1):
        put_text(sheet.cell(1, n), header).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = max(12, 2.2 * len(header))
    for line, row in enumerate(past_rows(), 2):
        for n, value in enumerate(row, 1):
            _put(sheet.cell(line, n), value, PAST_HEADERS[n - 1])
    sheet.freeze_panes = "B2"
    about.append([f"{MARK}：2023–2025年三个支持方向的申报，全部为编造，仅用于演示 changji-sim fit。"])
    about.append(["Made up from first to last by scripts/make_examples.py; no real applicant, project or amount."])
    about.column_dimensions["A"].width = 100
    return workbook_bytes(book)


def decided_rows() -> list[list[str]]:
    """The ledger of 2026 at the year's end: what was undecided on 30 June is refused, and exchange events of the
    second half are added.
    """
    with (FOLDER / LEDGER).open(encoding="utf-8-sig", newline="") as file:
        headers, *lines = csv.reader(file)
    passed = headers.index("是否通过")
    lines = [[*line[:passed], line[passed] or "否", *line[passed + 1 :]] for line in lines]
    exchange = lines[0][headers.index("支持方向")]
    for n in range(28):
        day = datetime.date(2026, 7, 2) + datetime.timedelta(days=6 * n)
        amount = lognormal(n, 6, 0.7)
        known = {
            "申报编号": f"JL{n + 34:03d}", "支持方向": exchange, "申报单位": institute(n), "申报日期": day.isoformat(),
            "申请金额（万元）": amount, "期限（年）": 1, "是否通过": "是", "批准金额（万元）": amount,
            "已拨金额（万元）": amount,
        }  # fmt: skip
        lines.append([str(known.get(header, "")) for header in headers])
    return [headers, *lines]


def paid_rows() -> list[tuple[Any, ...]]:
    """What was paid of each item in 2026, by the decisions."""
    headers, *lines = decided_rows()
    item, approved, paid = (headers.index(name) for name in ("支持方向", "批准金额（万元）", "已拨金额（万元）"))
    sums: dict[str, float] = {}
    for line in lines:
        sums[line[item]] = sums.get(line[item], 0.0) + float(line[paid] or line[approved] or 0)
    return [("年度", "支持方向", "实际金额（万元）"), *((2026, title, round(sum_, 2)) for title, sum_ in sums.items())]


def table(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as a CSV that Excel opens in Chinese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _put(cell: Any, value: Any, name: str) -> None:
    cell.value = value
    if isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"
    elif name == "annual_rate" and value is not None:
        cell.number_format = "0.00%"


def opening() -> bytes:
    """What was promised before 2026, to applicants of the register; the mark stands in every applicant's name."""
    known = KnownColumns(law_scenario())
    titles: Mapping[str, str] = {item.key: item.title for item in known.scenario.items}
    headers = [
        "支持方向", "申报单位", "立项金额（万元）", "已拨金额（万元）", "2026年应拨（万元）", "2027年应拨（万元）",
        "验收年度", "绩效评价等级", "暂停申报至", "已获一次性奖励", "平台名称",
    ]  # fmt: skip
    promises = [
        ("core_technology", applicant("core_technology", 2), 120, 72, 48, "", 2026, "", "", "否", ""),
        ("core_technology", applicant("core_technology", 7), 90, 54, "", 36, 2027, "", "", "否", ""),
        ("core_technology", applicant("core_technology", 9), 60, 60, "", "", "", "不合格", 2027, "否", ""),
        ("cross_region", applicant("cross_region", 1), 150, 90, 60, "", 2026, "", "", "否", ""),
        ("social_development", institute(2), 40, 24, 16, "", 2026, "", "", "否", ""),
        ("commissioner", institute(5), 10, 10, "", "", "", "优秀", "", "否", ""),
        ("exchange", institute(3), 25, 10, 15, "", "", "", "", "否", ""),
        ("new_hightech", applicant("new_hightech", 4), 15, 15, "", "", "", "", "", "是", ""),
        ("regional_platform", applicant("regional_platform", 0), 100, 100, "", "", "", "", "", "是", _platform(0)),
    ]
    return table([headers, *((titles[item], *cells) for item, *cells in promises)])


def _platform(n: int) -> str:
    return str(awards("regional_platform", n)["platform"])


def made() -> dict[str, bytes]:
    """Every file by its name."""
    return {
        "applications_2026.xlsx": register(),
        "opening_2025.csv": opening(),
        "history_2023_2025.xlsx": past(),
        "decisions_2026.csv": table(decided_rows()),
        "paid_2026.csv": table(paid_rows()),
    }


def main(folder: Path = FOLDER) -> None:
    """Write the files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made().items():
        write_whole(folder / name, content)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
