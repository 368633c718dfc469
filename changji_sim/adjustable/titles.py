"""What things that can be turned are called, in Chinese and English."""

from __future__ import annotations

NUMBERS: dict[str, tuple[str, str]] = {
    "applications": ("申报数（每年平均）", "applications a year (mean)"),
    "growth": ("年增长率", "growth a year"),
    "quality_pass": ("评审通过率", "share that passes review"),
    "reapply": ("落选后再申报的概率", "chance of applying again"),
    "claimants": ("可能申报的家数", "possible applicants"),
    "platforms": ("可能申报的平台数", "possible platforms"),
    "violation": ("发现违规的概率", "chance of a violation"),
    "terminated": ("终止的概率", "chance of termination"),
    "closed_early": ("提前结题的概率", "chance of an early close"),
    "excellent": ("验收优秀的概率", "chance of an excellent rating"),
    "fail": ("验收不合格的概率", "chance of a failed acceptance"),
    "mended": ("整改后通过的概率", "chance that mending succeeds"),
    "unspent_share": ("结余比例", "unspent share"),
    "recovered_share": ("追回到账比例", "share recovered"),
    "recovery_delay_years": ("追回到账延迟（年）", "years until money is recovered"),
    "violation_bar_years": ("违规后禁止申报（年）", "years barred after a violation"),
    "is_on": ("计入监督检查", "oversight on"),
    "total": ("总额度", "total envelope"),
    "forward_cover": ("立项时预留以后年度额度", "cover later tranches when committing"),
    "pooling": ("专项之间调剂余额", "pool what programmes leave unused"),
    "refill": ("收回资金滚入下年额度", "money that came back refills the envelope"),
    "log_sd": ("经济形势波动", "swing of the economy (log sd)"),
    "doubt": ("计入假设的不确定性", "draw the doubt about assumptions"),
    "tolerated_loss": ("容错比例", "tolerated loss"),
    "places": ("立项数", "places"),
    "when_short": ("资金不足时", "when money is short"),
    "selection": ("排序方式", "ranking"),
}
SHAPES: dict[str, tuple[str, str]] = {
    "median": ("中位数", "median"),
    "mean": ("平均数", "mean"),
    "sigma": ("离散度", "spread (sigma)"),
    "sd": ("标准差", "standard deviation"),
    "fixed": ("取值", "value"),
    "chance": ("概率", "chance"),
    "probability": ("概率", "chance"),
    "within": ("期限（年）", "within years"),
    "weight": ("权重", "weight"),
    "log_sd": ("水平的不确定性", "doubt about its level"),
}
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "triangular": (("最小", "lowest"), ("最可能", "most likely"), ("最大", "highest")),
    "uniform": (("最小", "lowest"), ("最大", "highest")),
    "month": (("最早月份", "first month"), ("最晚月份", "last month")),
}
WORDS: dict[str, tuple[str, str]] = {
    "ranked": ("按序立项，不足即止", "in order, stop when short"),
    "partial": ("按序立项，末项给余额", "in order, the last gets the rest"),
    "pro_rata": ("同比例压减", "all cut pro rata"),
    "defer": ("全额立项，欠拨顺延", "commit in full, pay later"),
    "by_score": ("按得分", "by score"),
    "by_date": ("按先后", "by date"),
}


def titles_of(name: str) -> tuple[str, str]:
    return NUMBERS.get(name, (name, name.replace("_", " ")))


def without_unit(label: str) -> str:
    return label.removesuffix("（万元）").removesuffix("（年）")
