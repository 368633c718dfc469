"""What a file holds, told from its content: a workbook of some kind, a page, or text; and why one is refused."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message, named

MAX_BYTES = 50_000_000
KINDS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv")
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls", ".et"), "ods": (".ods",), "text": (".csv",)}
TITLES = {
    "xlsx": named("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)"),
    "xls": named("旧版 Excel 或 WPS 工作簿（.xls、.et）", "an older workbook of Excel or WPS (.xls, .et)"),
    "ods": named("OpenDocument 电子表格（.ods）", "an OpenDocument sheet (.ods)"),
    "html": named("网页表格", "a table of a web page"),
    "text": named("以分隔符隔开的文本（.csv）", "text with separators (.csv)"),
}


def content_of(path: Path) -> bytes:
    """The bytes of a file that a table may be read from.

    Raises:
        FaultyInput: there is no such file, its name is that of something else, or it is too large or empty.
    """
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise refused(path, message("a table is read from {kinds}{hint}", kinds=joined(KINDS), hint=_hint(suffix)))
    try:
        if path.is_dir():
            raise refused(path, message("this is a folder, not a file"))
        if not path.exists():
            raise refused(path, message("there is no such file"))
        if not path.is_file():
            raise refused(path, message("this is no ordinary file"))
        size = path.stat().st_size
        if size > MAX_BYTES:
            megabytes = {"size": size / 1e6, "most": MAX_BYTES // 1_000_000}
            raise refused(path, message("the file has {size:,.0f} MB; at most {most} MB are read", **megabytes))
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, FaultyInput):
            raise
        why = getattr(error, "strerror", None) or error
        raise refused(path, message("the file cannot be read: {why}", why=str(why))) from None
    if not content.strip():
        raise refused(path, message("the file is empty"))
    return content


def _hint(suffix: str) -> str | Message:
    if suffix in (".yaml", ".yml"):
        return message("; this is a scenario file, and a register or an opening ledger is needed here")
    if suffix in (".txt", ".tsv"):
        return message("; if it is text with separators, call it .csv")
    return message("; save it as .xlsx") if suffix in (".xlsb", ".numbers", ".dbf", ".wps", ".ett") else ""


def kind_of(path: Path, content: bytes) -> str:
    """``xlsx``, ``xls``, ``ods``, ``html`` or ``text``.

    Raises:
        FaultyInput: it is protected by a password, or of a kind that is not read.
    """
    if content.startswith(b"PK"):
        return _kind_of_zip(path, content)
    if content.startswith(OLD_CONTAINER):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(path, protected())
        return "xls"
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if start.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start:
            raise refused(path, _save_again(named("Excel 2003 XML 表格", "a sheet in Excel 2003's XML")))
        return "html"
    if start.startswith(b"mime-version:"):
        raise refused(path, _save_again(named("单个文件网页（.mht）", "a web page in a single file (.mht)")))
    if start.startswith(b"%pdf"):
        raise refused(path, _save_again(named("PDF 文件", "a PDF")))
    return "text"


def _kind_of_zip(path: Path, content: bytes) -> str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = {info.filename.replace("\\", "/") for info in archive.infolist()}
        is_protected = any(info.flag_bits & 1 for info in archive.infolist())
        has_manifest = "META-INF/manifest.xml" in names and not is_protected
        manifest = archive.read("META-INF/manifest.xml") if has_manifest else b""
    except Exception:  # a damaged zip fails in many ways: BadZipFile, zlib.error, KeyError, …
        raise refused(path, message("this is no Excel workbook (.xlsx) that can be read: it is damaged")) from None
    if is_protected:
        raise refused(path, protected())
    if "xl/workbook.bin" in names:
        raise refused(path, _save_again(named("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")))
    if "content.xml" not in names:
        return "xlsx"
    if re.search(rb"encryption-data", manifest):
        raise refused(path, protected())
    return "ods"


def misnamed(path: Path, kind: str) -> list[Fault]:
    """A warning where the name of a file says another kind than its content is."""
    if path.suffix.lower() in SUFFIXES.get(kind, ()):
        return []
    what = message(
        "the name ends in {suffix}, the content is {kind}; it was read as that", suffix=path.suffix, kind=TITLES[kind]
    )
    return [Fault(path.name, what, is_warning=True)]


def protected() -> Message:
    """The sentence about a password, with what to click."""
    return message(
        "the file is protected by a password; open it and take the password away (Excel: 文件 > 信息 > 保护工作簿 > "
        "用密码进行加密, empty the field; WPS: 文件 > 文档加密 > 密码加密), then save it"
    )


def _save_again(kind: Message) -> Message:
    return message(
        "the content is {kind}; open it in Excel or WPS, then 文件 > 另存为 > Excel 工作簿 (*.xlsx)", kind=kind
    )


def refused(path: Path, what: str) -> FaultyInput:
    """The one fault of a file of which nothing is read."""
    return FaultyInput([Fault(path.name, what)])
