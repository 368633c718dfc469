"""The text that a new scenario file begins with (新建情景), in the reader's language."""

from __future__ import annotations

from ..base.messages import reader_language
from .load import check_name

_ENGLISH = """\
# A scenario (情景): guide (申报指南), assumptions (假设) and envelopes (控制数). Write only what differs from the file
# it extends. Money in 万元, rates from 0 to 1. Lines that begin with '#' do nothing: take the '#' away to use them.
name: {name}
title: {name}
description: ""  # one or two sentences: what if?
extends: {extends}

# The money (控制数，预算额度): a number, {{value, growth}}, or each year. Categories (专项) have at most the total.
# envelopes:
#   total: {{value: 8000, growth: 0.05, source: 预算批复, mark: ""}}
#   categories:
#     environment: {{share: 0.34}}  # of the total
#     industry: {{value: {{2026: 1800, 2027: 1900}}}}

# How demand (申报) grows a year, with the doubt about it: [lowest, highest] around the value.
# growth: {{value: 0.08, range: [0.03, 0.15], source: 本局统计, mark: ""}}

# items:
#   exchange:  # 科技交流活动, 第十三条（三）: at most 400 a year; a guide may set less
#     guide:
#       max_item_year_wan: {{2026: 400, 2027: 350}}
#       when_short: partial  # ranked | partial | pro_rata | defer
#   core_technology:  # 产业重大技术攻关, 第十条: at most 20% of total investment
#     guide:
#       max_application_wan: 300  # a ceiling a project (单个项目上限)
#       first_tranche: 0.6  # 首笔拨付比例
#       places: 12  # 立项数
#     caps:
#       small_firms: {{per: applicant_year, wan: 400, title: 每家每年合计}}
#     assumptions:
#       applications: {{value: 24, range: [15, 35], source: 上年受理数, mark: ""}}
#       registers: {{2026: applications-2026.csv}}  # real applications instead of drawn ones
#       columns:
#         total_investment_wan: {{lognormal: {{median: 300, sigma: 0.8}}, source: 上年申报书}}
#   my_vouchers:  # an item of your own: category, title and mode
#     category: environment
#     title: 创新券
#     mode: service_purchase
#     guide: {{max_applicant_year_wan: 10, max_item_year_wan: 200}}
#     assumptions:
#       applications: 60
#       columns:
#         requested_wan: {{lognormal: {{median: 4, sigma: 0.6}}}}

# How an unclear phrase is read (条款口径).
# readings:
#   winner_rounding: down
"""

_CHINESE = """\
# 情景文件：申报指南、假设、控制数（预算额度）。只写与所沿用的情景（extends）不同的数。
# 金额单位为万元；比例写 0 至 1 的小数，如 5% 写 0.05。
# 以“#”开头的行不起作用：要用哪一行，去掉行首的“# ”，其余空格不动。每个数可注明来源 source 和可信度 mark（A 至 D）。
name: {name}
title: {name}
description: ""  # 一两句话：本情景测算什么
extends: {extends}

# 控制数（预算额度）：写一个数，或写 {{value: 首年数, growth: 年增长率}}，或逐年写；各专项合计不得超过总额度。
# envelopes:
#   total: {{value: 8000, growth: 0.05, source: 预算批复, mark: ""}}
#   categories:
#     environment: {{share: 0.34}}  # 创新环境建设专项，占总额度的比例
#     industry: {{value: {{2026: 1800, 2027: 1900}}}}  # 产业重大技术攻关专项

# 申报量年增长率；range 为可能的最低值和最高值。
# growth: {{value: 0.08, range: [0.03, 0.15], source: 本局统计, mark: ""}}

# items:
#   exchange:  # 科技交流活动，第十三条（三）：每年不超过400万元，指南可以更低
#     guide:
#       max_item_year_wan: {{2026: 400, 2027: 350}}  # 每年总额上限
#       when_short: partial  # 资金不足时：ranked 不足即止，partial 末项给余额，pro_rata 同比例压减，defer 顺延
#   core_technology:  # 产业重大技术攻关，第十条：不超过总投资的20%
#     guide:
#       max_application_wan: 300  # 单个项目上限
#       first_tranche: 0.6  # 首笔拨付比例
#       places: 12  # 立项数
#     caps:
#       small_firms: {{per: applicant_year, wan: 400, title: 每家每年合计}}  # 自设上限
#     assumptions:
#       applications: {{value: 24, range: [15, 35], source: 上年受理数, mark: ""}}  # 每年申报数
#       registers: {{2026: applications-2026.csv}}  # 该年用真实申报，不再随机产生
#       columns:
#         total_investment_wan: {{lognormal: {{median: 300, sigma: 0.8}}, source: 上年申报书}}  # 项目总投资的分布
#   my_vouchers:  # 自设支持方向：须写 category、title、mode
#     category: environment
#     title: 创新券
#     mode: service_purchase  # 购买服务
#     guide: {{max_applicant_year_wan: 10, max_item_year_wan: 200}}
#     assumptions:
#       applications: 60
#       columns:
#         requested_wan: {{lognormal: {{median: 4, sigma: 0.6}}}}  # 申请金额的分布

# 条款口径：条文有几种理解时采用哪一种。
# readings:
#   winner_rounding: down  # 获奖企业数舍到整数
"""


def new_scenario_text(name: str, extends: str = "baseline", language: str | None = None) -> str:
    """A commented starting file for a scenario called ``name``; by default in the reader's language.

    Raises:
        FaultyInput: the name is empty or holds what a file name cannot.
    """
    for word in (name, extends):
        check_name(word)
    text = _CHINESE if (language or reader_language()) == "zh" else _ENGLISH
    return text.format(name=name, extends=extends)
