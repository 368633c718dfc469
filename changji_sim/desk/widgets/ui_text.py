"""What the desk says, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ...base.faults import Fault
from ...views import PictureTranslator

__all__ = ["PAGES", "UI_TEXT", "PictureTranslator", "fault_list", "html", "say_page"]

PAGES: dict[str, tuple[str, str, str]] = {  # key: Chinese, English, icon
    "overview": ("总览", "Overview", "dashboard"),
    "assumptions": ("假设", "Assumptions", "tune"),
    "caps": ("上限", "Caps", "vertical_align_top"),
    "scenarios": ("情景", "Scenarios", "compare_arrows"),
    "ledger": ("台账", "Ledger", "receipt_long"),
    "measure": ("办法", "Measure", "gavel"),
}

UI_TEXT: dict[str, tuple[str, str]] = {
    "title": ("昌吉州科技专项资金", "Changji science fund"),
    "undo": ("撤销", "Undo"),
    "redo": ("重做", "Redo"),
    "replay": ("重放上一次改动", "Replay the last change"),
    "reset": ("全部还原", "Reset all"),
    "present": ("演示", "Present"),
    "print": ("打印", "Print"),
    "reform": ("试算修订（可超出办法）", "Try a reform (beyond the law)"),
    "busy": ("正在计算……", "computing…"),
    "making": ("页面正在准备……", "the page is being made…"),
    "trials": ("次试验", "trials"),
    "changed": ("已改", "changed"),
    "reformed": ("修订", "reform"),
    "download": ("下载数据（CSV）", "Download the data (CSV)"),
    "key_numbers": ("常用数值", "Key numbers"),
    "workbook": ("下载工作簿（Excel）", "Download a workbook (Excel)"),
    "html_page": ("下载可离线打开的页面（HTML）", "Download a page that opens offline (HTML)"),
    "budget_csv": ("下载预算表（CSV）", "Download the budget (CSV)"),
}


def say_page(key: str, say: PictureTranslator) -> str:
    """A page's name."""
    chinese, english, _ = PAGES[key]
    return say(chinese, english)


def html(text: str) -> str:
    """Text from anywhere as HTML that says it and does nothing."""
    return escape(text).replace("\n", "<br>")


def fault_list(faults: Iterable[Fault]) -> str:
    """Faults as HTML, a sentence each."""
    said = "".join(f"<li>{html(str(fault))}</li>" for fault in faults)
    return f'<ul class="faults">{said}</ul>' if said else ""
