"""The desk's own texts, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ...base.faults import Fault
from ...views import PictureTranslator
from ...wording.labels import label

__all__ = ["PAGES", "UI_TEXT", "PictureTranslator", "fault_list", "html", "say_page"]

PAGES = {  # key of a page -> its icon
    "overview": "dashboard",
    "assumptions": "tune",
    "caps": "vertical_align_top",
    "answers": "question_answer",
    "scenarios": "compare_arrows",
    "ledger": "receipt_long",
    "measure": "gavel",
}

UI_TEXT: dict[str, tuple[str, str]] = {
    "title": ("昌吉州科技专项资金", "Changji science fund"),
    "undo": ("撤销", "Undo"),
    "redo": ("重做", "Redo"),
    "replay": ("重放上一次改动", "Replay the last change"),
    "reset": ("全部还原", "Reset all"),
    "guide": ("导览", "Guided visit"),
    "present": ("演示", "Present"),
    "print": ("打印", "Print"),
    "reform": ("试算办法调整方案（可超出办法）", "Try a reform (beyond the law)"),
    "busy": ("正在计算……", "computing…"),
    "making": ("页面正在准备……", "the page is being made…"),
    "picture": ("复制图片（PNG，带标题、来源和情景）", "Copy the picture (PNG, with title, source and scenario)"),
    "svg": ("下载图片（SVG）", "Download the picture (SVG)"),
    "numbers": ("复制数字（可粘贴到表格）", "Copy the numbers (for a spreadsheet)"),
    "explain": ("本图表说明", "What this shows"),
    "copied": ("已复制", "Copied"),
    "saved": ("已保存为文件", "Saved as a file"),
    "less": ("减少", "Less"),
    "more": ("增加", "More"),
    "close": ("关闭", "Close"),
    "download": ("下载数据（CSV）", "Download the data (CSV)"),
    "key_numbers": ("常用数值", "Key numbers"),
    "workbook": ("下载工作簿（Excel）", "Download a workbook (Excel)"),
    "html_page": ("下载可离线打开的页面（HTML）", "Download a page that opens offline (HTML)"),
    "budget_csv": ("下载预算表（CSV）", "Download the budget (CSV)"),
}


def say_page(key: str, say: PictureTranslator) -> str:
    """A page's name."""
    return label(key, say, "pages")


def html(text: str) -> str:
    """Any text as HTML without tags of its own."""
    return escape(text).replace("\n", "<br>")


def fault_list(faults: Iterable[Fault], say: PictureTranslator) -> str:
    """Faults as HTML in the page's language, a sentence each."""
    items = "".join(f"<li>{html(fault.text(say.language))}</li>" for fault in faults)
    return f'<ul class="faults">{items}</ul>' if items else ""
