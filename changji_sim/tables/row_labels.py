"""What a text in a table is where it is no value: a sum, a signature, an example, a word of withdrawal (撤回)."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any

from ..base.spelling import number_of_text, plain_text

_SUM = re.compile(
    r".{0,30}?(合计|总计|小计|共计|累计|总和)(金额|数)?([（(].*[）)])?[:：]?|(承前页|承上页|过次页|转下页|转次页)[:：]?"
    r"|sub-?total:?|(grand)?total:?|sum:?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(合计|总计|共计?)?[:：]?\d+(项|个|家|户|条|份|笔|件).*|.{0,12}(合计|总计|共计)[:：]?[¥￥]?[\d,.]+(万元|元)?.*"
)
_FIGURE = re.compile(
    r"(平均|均值|中位|最大|最小|最高|最低|占比|占总|比例|比重|同比|环比|增长|增减|增幅|降幅|上年|去年|上期|同期|差额).{0,8}"
)
_WHO = (
    r"(填表|填报|填制|制表|编制|经办|经手|审核|复核|复审|初审|审批|审定|批准|签发|报送|联系|负责|校对|统计|录入|打印"
    r"|申报|推荐|主管|归口管理|单位|部门|科室|分管|主要|财务|项目|法定|法人)*"
)
_WHAT = r"(人员?|者|领导|负责人|代表人?|电话|手机|日期|时间|单位|部门|意见|说明|事项|盖章|公章|签字|签章|签名)"
_SIGNATURE = re.compile(
    rf"{_WHO}{_WHAT}([（(].*[）)])?[:：].*|(填表|制表|审核|复核|填报|经办|审批|日期|电话|报送|编制|校对)[:：].*"
    r"|(填表人|制表人|填报人|经办人|审核人|复核人|负责人|单位负责人|联系人|联系电话|填表日期|填报日期|制表日期|填报单位|填表单位)"
    r"|[（(]?(单位|部门)?(盖章|公章|签字|签章|签名)[）)]?([:：].*)?"
    r"|(备注|附?注|说明|附件|填[表报]说明|注意事项)\d*([:：、.．].*)?|单位[:：].*"
    r"|第.{1,5}页.*|page\d+.*|[（(]?以下(空白|无正文).*",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"[（(]?(填写|填表|填报)?(例如?|示例|样例|范例|举例)[）)]?([:：].*)?")
_HINT = re.compile(
    r"(必填|选填|可不填)项?.*|.{0,4}下拉.*|请?(选择|填写|输入|注明).+|例?如[:：]?.+|.{0,6}全称|格式.*"
    r"|(文本|数字|数值|日期|整数)(格式|型)?|y{4}.*|保留.位小数|单位[:：].*",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r".{0,8}(未通过|不通过|不予|未受理|不受理|未立项|不立项|驳回|退回|退件|淘汰|落选|不符合|不合格|暂缓|缓报|重复申报|不计"
    r"|不参评|不纳入|不再|剔除|终止|中止|停止|注销|吊销|失效|无效|退出|删除|未提交|未申报|草稿|暂存|待提交|待补正).{0,12}"
)
_WITHDRAWN = re.compile(
    r"[（(]?(已|主动|自愿|自行|申请|企业|单位|申报单位)*(撤回|撤销|撤件|撤项|撤报|撤|作废|取消|放弃)(申报|申请|项目|本项)*[）)]?"
    r"[。!！]?"
)
_SAYS_WITHDRAWN = re.compile(r"撤回|撤销|撤件|撤项|撤报|作废|放弃申报|取消申报")
_ABOUT_STATE = re.compile(r"状态|备注|情况|结果|意见|说明|审核|初审|复审|受理|进度|环节|阶段|标记|标识|结论|处理|是否")
_WITHDRAWAL = re.compile(  # a header: what stands below it says that a row was withdrawn
    r"(是否)?(已|主动|自愿)?(撤回|撤销|撤件|撤项|撤报|作废|放弃|取消)(申报|申请)?(日期|时间|标记|标志|标识|情况|与否)?"
)
_NOT_SO = frozenset(("否", "无", "未", "没有", "正常", "有效", "不撤回", "未撤回", "n", "no", "×", "✗", "x"))
_SO = frozenset(("是", "有", "已", "y", "yes", "true", "1", "√", "✓", "✔", "▲", "★"))
_STANDS_FOR_A_NAME = re.compile(r"某某|[×✕✖xX*＊○〇□＿_？?]{2,}|(张三|李四|王五)$")
_MARKS = ("", "-", "--", "—", "——", "/", "\\", "0", "0.0", "0.00", "¥", "%", "□", "□是□否", "false")
_PRINTED = frozenset((*_MARKS, "年月日", "月日", "年", "元", "万元"))
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"


def label(cell: Any) -> str:
    """A cell as text without any space."""
    return re.sub(r"\s", "", plain_text(cell))


def is_sum(text: str) -> bool:
    """合计, 甲县小计, Total."""
    return bool(_SUM.fullmatch(text) or (_COUNTED.fullmatch(text) and not text[:1].isdigit()))


def is_count(text: str) -> bool:
    """3家, 共12项."""
    return bool(_COUNTED.fullmatch(text))


def is_signature(text: str) -> bool:
    """填表人：…, 审核意见：…, 备注：…, 第1页: what a form has below its table."""
    return bool(_SIGNATURE.fullmatch(text))


def is_example(text: str) -> bool:
    """例：, 填写示例."""
    return bool(text) and bool(_EXAMPLE.fullmatch(text))


@lru_cache(maxsize=20_000)
def is_label(text: str) -> bool:
    """Whether a text may be any of these."""
    plain = label(text)
    return is_sum(plain) or is_signature(plain) or is_example(plain) or plain.startswith("其中")


def is_hint(text: str) -> bool:
    """必填, 下拉选择, 单位全称, 如2026-03-01: what a form says of how to fill in a column."""
    return bool(text) and bool(_HINT.fullmatch(text))


def is_refusal(text: str) -> bool:
    """未通过, 退回修改, 终止: a decision in a column that is not read."""
    return bool(_REFUSAL.fullmatch(text))


def is_about_state(header: str) -> bool:
    """状态, 备注, 审核意见: a column that may say what became of a row; a project's name may hold any word."""
    return bool(_ABOUT_STATE.search(header))


def is_figure(text: str) -> bool:
    """平均, 占比, 上年同期: a figure about the rows above."""
    return bool(_FIGURE.fullmatch(text))


def is_withdrawal(header: str) -> bool:
    """是否撤回, 撤回日期: a column that says which rows were withdrawn."""
    return bool(_WITHDRAWAL.fullmatch(label(header)))


def tells_withdrawn(cell: Any) -> bool | None:
    """What a cell of such a column tells of its row: withdrawn or not; None where it is neither."""
    if is_printed(cell) or (text := label(cell).lower()) in _NOT_SO:
        return False
    is_day = isinstance(cell, datetime.date) or bool(re.fullmatch(r"\d{4}[-年/.]\d{1,2}.*", text))
    return True if is_day or cell is True or text in _SO or is_withdrawn(text) else None


def stands_for_a_name(text: str) -> bool:
    """某某公司, ×××公司, XX公司: what stands in an example, or where a name was taken out."""
    return bool(_STANDS_FOR_A_NAME.search(text))


def is_withdrawn(text: str) -> bool:
    """撤回, 已撤销, 作废: the whole cell says so."""
    return bool(_WITHDRAWN.fullmatch(text))


def may_say_withdrawn(text: str) -> bool:
    """Whether a closer look is needed: most rows have none of these characters."""
    return "撤" in text or "作废" in text or "放弃" in text or "取消" in text


def says_withdrawn(text: str) -> bool:
    """Whether a text speaks of a withdrawal at all."""
    return bool(_SAYS_WITHDRAWN.search(text))


def is_printed(cell: Any) -> bool:
    """Whether a cell holds what a form prints in advance: nothing, a dash, 0, 年 月 日, a unit."""
    if isinstance(cell, (int, float)):
        return not cell
    return cell is None or (isinstance(cell, str) and label(cell).lower() in _PRINTED)


def is_ordinal(cell: Any) -> bool:
    """Whether a cell holds the number of a column: 1, (2), 甲, 栏次."""
    text = label(cell).strip("()（）")
    return (
        (text.isdecimal() and len(text) < 3)
        or (len(text) == 1 and text in _ORDINALS)
        or text in ("栏次", "序号", "列次")
    )


def amount_of(cell: Any) -> float | None:
    """The number that a cell holds, as a number or as text; None for any other."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    return number_of_text(plain_text(cell)) if isinstance(cell, str) else None
