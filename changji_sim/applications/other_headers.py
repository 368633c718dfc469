"""Other words that stand above the columns of registers and ledgers, without a unit; all of them stand here.

Where several of a column stand in a file it is a fault, but for `SECOND_TO_OTHERS`. A mode may name further ones for
columns of its own (`Column.also`).
"""

OTHER_HEADERS = {
    # who applies for what, when
    "application_id": ("项目编号", "申请编号", "受理编号", "申报号", "受理号", "编号", "序号"),
    "item": (
        "项目类别", "项目类型", "支持类别", "申报类别", "申报方向", "支持项目", "申报事项", "项目方向", "支持事项",
        "专项方向",
    ),
    "applicant": (
        "单位名称", "企业名称", "申请单位", "承担单位", "项目承担单位", "项目单位", "申报企业", "申请企业",
        "公司名称", "申报主体", "申报单位名称", "申报企业名称", "牵头单位", "项目申报单位", "机构名称", "申报人",
        "单位全称", "企业全称",
    ),
    "submitted": (
        "申报时间", "受理日期", "受理时间", "申请日期", "申请时间", "提交日期", "提交时间", "收件日期", "收件时间",
        "登记日期",
    ),
    "clock": ("受理时间", "提交时间", "申请时间", "时间"),
    "credit_code": ("社会信用代码", "信用代码", "统一信用代码", "单位信用代码", "企业信用代码", "机构信用代码"),
    "group": ("集团", "集团名称", "所属企业集团"),
    "budget_year": ("申报年度", "年度", "计划年度", "项目年度", "资金年度", "所属年度", "支出年度"),
    # how much, how long
    "requested_wan": (
        "申请资金", "申请补助金额", "申请补助资金", "申请经费", "申报金额", "申报资金", "申请财政资金",
        "申请财政补助资金", "申请专项资金", "申请支持金额", "申请支持资金", "申请资助金额", "申请补贴金额",
        "申请额度", "拟申请金额", "拟申请资金",
    ),
    "total_investment_wan": (
        "总投资", "投资总额", "项目投资总额", "项目总投资额", "总投资额", "项目总预算", "总经费",
    ),
    "term_years": ("期限", "项目期限", "实施期限", "项目周期", "执行期", "执行期限", "研究期限"),
    # what was decided
    "score": ("得分", "评审得分", "专家评分", "评审分数", "综合得分"),
    "is_passed": ("评审结果", "是否立项", "是否通过评审"),
    "approved_wan": ("批复金额", "核定金额", "核准金额"),
    # ledgers
    "committed_wan": (
        "立项额", "立项资金", "立项经费", "批准金额", "承诺金额", "批复金额", "批复资金", "核定金额", "合同金额",
        "资助金额",
    ),
    "paid_wan": (
        "已拨", "已拨资金", "已拨付", "已拨付金额", "已拨付资金", "累计已拨", "累计已拨金额", "累计已拨资金",
        "累计拨付", "累计拨付金额", "已支付金额",
    ),
    "acceptance_year": ("验收年份", "预计验收年度", "验收时间", "完成年度", "结题年度"),
    "rating": ("绩效等级", "评价等级"),
}  # fmt: skip
SECOND_TO_OTHERS = frozenset(("编号", "序号"))  # taken where no other of a column's words stands above one
