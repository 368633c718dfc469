"""The workbook's last sheet (说明): what each flow means, what marks say of a number, and what the articles say."""

from __future__ import annotations

from typing import Any

from ...kernel.ledger import FLOWS
from ...results.run_result import RunResult
from ...whatif.scenario_diff import measure_of
from ...wording.language import Translator, cited
from .workbook_cells import Page
from .workbook_tables import flow_title

MEANINGS = {
    "asked": ("全部申报要的钱", "what all applications ask for"),
    "ineligible": ("不符合条件或在暂停申报期内的申报额", "asked by applicants who do not qualify or are barred"),
    "not_selected": ("评审未通过或超出立项数的申报额", "asked by applications that fail review or find no place"),
    "demand": ("入选申报按办法测算、核减之前的金额", "worked out for the rest, before any ceiling"),
    "entitlement": ("各项上限核减之后应补的金额", "what is left after every ceiling"),
    "unfunded": ("因预算额度不足而未安排的应补额", "entitlements for which the envelope has no room"),
    "commitment": ("当年立项承诺的金额，含以后年度分批拨付的部分", "promised this year, later tranches included"),
    "need": (
        "当年须付的钱：续建到期、应拨未拨和当年应补额的首笔；额度不足时也照算，与预算额度比较的就是它",
        "what must be paid this year if money were no object: earlier promises due, arrears and first payments of this "
        "year's entitlements; this is what is held against the envelope",
    ),
    "due": ("按承诺当年到期应拨的金额", "what falls due this year of what was promised"),
    "payment": ("当年实际拨付的金额", "what is paid this year"),
    "payment_carried": ("当年拨付中属于以前年度承诺的部分", "the part of payment that keeps earlier promises"),
    "arrears": ("年末应拨未拨、结转下年的金额", "due and not paid at the end of the year"),
    "cancelled": ("因终止、违规等不再拨付的承诺", "promises that fall away: projects terminated, rules broken"),
    "over_envelope": ("拨付额超出预算额度的部分", "paid beyond the envelope, where promises must be kept"),
    "clawback": ("追回的资金", "claimed back"),
    "return": ("项目结余上缴的资金", "left over by projects and returned"),
    "recovery": ("拨投结合退出收回的资金", "what holdings bring back"),
}
CUT = (
    "某一上限从测算额中核减的金额，上限的条款见“上限”表",
    "what one ceiling takes off demand; the sheet Caps says which article sets it",
)
MARKS = {
    "A": ("官方文件或报纸原文", "an official page or a newspaper's own"),
    "B": ("新闻报道或转载", "press, or a copy"),
    "C": ("由A、B推算", "arithmetic on A and B"),
    "D": ("类比，未经核实", "an analogy, unverified"),
}
PLACEHOLDERS = (
    "标记C和D的数是占位数，须由科技局换成自己的数；由它们得出的概率只作演示，不是预测。",
    "Numbers marked C or D are placeholders until the bureau puts its own; probabilities that rest on them illustrate "
    "and predict nothing.",
)
STATISTICS = (
    "平均是全部试验的平均；P10、P90表示十分之一的试验低于、高于此数。分位数不能相加，平均数可以。",
    "The mean is over all trials; one trial in ten lies below P10, one above P90. Means add up, quantiles do not.",
)
WIDTHS = (22.0, 78.0, 60.0)


def write_notes(page: Page, result: RunResult, say: Translator) -> None:
    """How to read the workbook, in three blocks."""
    row = _block(page, 0, say("流量", "Flows"), [say("流量", "Flow"), say("含义", "Meaning"), say("键", "Key")])
    named = [(flow_title(flow, say), say(*MEANINGS[flow]), flow) for flow in FLOWS]
    for cells in [*named, (say("核减：各上限", "cut: a cap"), say(*CUT), "cut:…")]:
        row = _line(page, row, cells)
    row = _line(page, row, (say("统计量", "Statistics"), say(*STATISTICS), ""))
    row = _block(page, row + 1, say("来源标记", "Marks"), [say("标记", "Mark"), say("含义", "Meaning"), ""])
    for mark, meaning in MARKS.items():
        row = _line(page, row, (mark, say(*meaning), ""))
    row = _line(page, row, (say("占位数", "Placeholders"), say(*PLACEHOLDERS), ""), is_warning=True)
    law = measure_of(result.scenario)
    title = say(law.title, law.title_en)
    row = _block(page, row + 1, title, [say("条款", "Article"), say("要点", "Gist"), say("数值", "Numbers")])
    for provision in law.as_rows():
        values = [f"{say(v['title'], v['title_en'])} {v['shown']}" for v in provision["values"]]
        gist = say(provision["gist_zh"], provision["gist_en"])
        row = _line(page, row, (cited(provision["article"], say), gist, say("；", "; ").join(values)))
    for column, wide in enumerate(WIDTHS):
        page.sheet.set_column(column, column, wide)
    page.sheet.freeze_panes(1, 1)


def _block(page: Page, row: int, title: str, heads: list[str]) -> int:
    page.text(row, 0, title, bold=True, font_size=13)
    page.sheet.set_row(row, 24)
    page.heads(row + 1, heads)
    return row + 2


def _line(page: Page, row: int, cells: tuple[str, str, str], is_warning: bool = False) -> int:
    look: dict[str, Any] = {"text_wrap": True, "valign": "top"} | ({"bg_color": "#FFF4D6"} if is_warning else {})
    for column, text in enumerate(cells):
        page.text(row, column, text, **look)
    page.tall(row, list(zip(cells, WIDTHS, strict=True)))
    return row + 1
