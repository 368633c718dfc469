"""What is said behind the ``?`` of a card: what it shows, from which numbers, and which article it rests on."""

from __future__ import annotations

from typing import NamedTuple

from ...views.picture_text import cited
from .ui_text import PictureTranslator


class Note(NamedTuple):
    """In Chinese and English each; ``articles`` as the measure cites them."""

    shows: tuple[str, str]
    numbers: tuple[str, str]
    articles: tuple[str, ...]


HEADS = ("看什么", "What it shows"), ("取自哪些数", "From which numbers"), ("依据", "Articles")
NOTES: dict[str, Note] = {
    "fan": Note(
        ("各年资金需求的可能范围与控制数。深色为八成可能的范围，浅色为九成，线为中位数；橙色为超过控制数的概率。",
         "Each year's need as a range, against the envelope: dark holds 8 futures in 10, pale 9 in 10, the line is the "
         "median; orange is the chance that need is over the envelope."),
        ("全部模拟中各年的资金需求：续建到期款、上年应拨未拨、当年应补额的首笔；控制数取自情景。",
         "The need of every trial: earlier promises due, arrears and first payments; the envelope is the scenario's."),
        ("第五条（一）", "第十四条"),
    ),
    "structure": Note(
        ("各专项在每年资金需求中各占多少；横线为控制数。",
         "How each year's need divides by programme; the line is the envelope."),
        ("全部模拟的平均数，分项可以相加。", "Means over all trials, which add up."),
        ("第九条",),
    ),
    "shortage": Note(
        ("每年、任一年、每年都不够用的概率，以及平均缺口。",
         "How likely money is short in each year, in any and in all, and the mean shortfall."),
        ("逐次模拟比较资金需求与控制数；平均缺口是全部模拟的平均，够用的按0计。",
         "Need against envelope trial by trial; the mean shortfall is over all trials, 0 where money suffices."),
        ("第十四条",),
    ),
    "split": Note(
        ("资金需求按续建、政策性、新增划分：前两项已经承诺或办法规定必须支付。",
         "Need by what is carried, what the law owes, and what is new: the first two cannot be refused."),
        ("全部模拟的平均数；政策性指办法规定了金额的奖励和奖补。",
         "Means over all trials; what the law owes are awards and subsidies whose amounts it fixes."),
        ("第十一条", "第十二条"),
    ),
    "tail": Note(
        ("办法到期以后，按已作出的承诺还要支付的金额。",
         "What is still to be paid on promises after the measure ends."),
        ("到期前立项、以后年度拨付的部分，全部模拟的平均数。",
         "Later payments of what was committed before, mean over all trials."),
        ("第二十二条",),
    ),
    "demand": Note(
        ("各年申报需求的分布与上限：越宽越常见，橙色部分超过上限。",
         "How demand is spread each year against the limit: the wider, the likelier; orange is over it."),
        ("每次模拟中这一支持方向的测算额；上限为当前设置。", "The item's demand in each trial; the limit as set now."),
        ("第四条（三）",),
    ),
    "calendar": Note(
        ("按申报先后，额度在一年中怎样用完。", "How the year uses the limit up, in the order of applications."),
        ("每次模拟中逐月累计安排的金额；带为八成可能的范围。",
         "Amounts granted month by month in each trial; the band holds 8 in 10."),
        ("第四条（三）",),
    ),
    "exhaustion": Note(
        ("额度在哪个月用完的概率；末列为够用到年底的概率。",
         "In which month the limit runs out; the last column is the chance that it lasts the year."),
        ("每次模拟中额度用完的日期。", "The day on which the limit is used up in each trial."),
        ("第四条（三）",),
    ),
    "raised": Note(
        ("额度每提高一些，平均多拨多少、多满足几份申报。",
         "What a higher limit pays out on average, and how many applications it adds."),
        ("同一组随机情形按提高后的上限重算；其余不变。", "The same futures under the higher limit, all else as it is."),
        ("第十三条（三）",),
    ),
    "waterfall": Note(
        ("从申报额到拨付额，每一步减去多少、依据哪一条。",
         "From what is asked to what is paid: what each step takes, under which article."),
        ("所选一年台账各科目全部模拟的平均数，逐项衔接，不用差额倒挤；同一条款的同一种上限，各支持方向合在一起。",
         "Means of the chosen year's ledger, each entry booked on its own; a cap that an article sets for several "
         "items is one step."),
        ("第九条", "第十四条"),
    ),
    "counted": Note(
        ("所选一年有多少份申报、多少家单位，入选、应补、获支持、未安排各多少；项目当年签订合同书、监督检查、中期评估、验收各多少。",
         "How many applications and applicants a year has; how many are selected, entitled, funded, left unfunded; how "
         "many of its projects are begun, inspected, evaluated and accepted."),
        ("逐次模拟计数，条为平均数，括号内为八成可能的范围；一家单位在一个支持方向一年计一次。",
         "Counted in every trial: the bar is the mean, the range holds 8 in 10; an applicant counts once an item and "
         "year."),
        ("第十六条", "第十八条"),
    ),
    "binding": Note(
        ("每道上限每年起作用的概率；末行为合计超过控制数的概率。",
         "How likely each cap cuts something in a year; the last row is the envelope."),
        ("起作用的模拟次数占全部模拟的比例。", "The share of trials in which the cap cut anything."),
        ("第十条", "第十一条", "第十二条", "第十三条"),
    ),
    "story": Note(
        ("一份申报从申请到拨付、结余的全过程。",
         "One application from what it asked to what it was paid and returned."),
        ("所选一次模拟的台账，不是平均数。", "The ledger of the one trial chosen, no mean."),
        ("第五条（四）", "第十八条"),
    ),
    "trial": Note(
        ("所选支持方向在这一次模拟中从申报到拨付。", "The chosen item in this one trial, from asked to paid."),
        ("所选一次模拟的台账，不是平均数。", "The ledger of the one trial chosen, no mean."),
        ("第九条", "第十四条"),
    ),
    "last": Note(
        ("所选额度能否用到年底，何时用完，还差多少。",
         "Whether the limit lasts the year, when it runs out, what is missing."),
        ("按申报先后逐份安排的全部模拟；把握是够用的模拟所占比例。",
         "All trials, served in the order of applications."),
        ("第四条（三）",),
    ),
    "late": Note(
        ("额度用完后才申报、未能安排或只安排一部分的申报。",
         "Applications that came too late for the limit, or got a part."),
        ("全部模拟的平均份数、家数和金额。", "Mean numbers and amounts over all trials."),
        ("第四条（三）",),
    ),
    "comparison": Note(
        ("各情景在同一组随机情形下的主要数字，及与第1个情景的差额。",
         "The main numbers of each scenario on the same futures, and how they differ from no. 1."),
        ("平均数；差额下方为其95%区间，逐次模拟相减得出。",
         "Means; below a difference its 95% interval, trial by trial."),
        ("第五条（一）",),
    ),
    "differences": Note(
        ("两个情景之间，哪些支持方向的金额增减。", "Which items gain or lose from one scenario to the other."),
        ("同一组随机情形下两次计算逐次相减的平均数。", "The mean of differences, trial by trial on the same futures."),
        ("第五条（一）",),
    ),
    "differing": Note(
        ("两个情景的参数有哪些不同，以及由此带来的间接影响。",
         "In which values the scenarios differ, and what else moves for it."),
        ("情景文件中的数值、来源和标记。", "Values, sources and marks of the scenario files."),
        ("第五条（三）",),
    ),
    "readings": Note(
        ("条款有不同理解时，改用另一种口径对资金的影响。", "What another reading of an ambiguous phrase would change."),
        ("同一组随机情形下重算，其余设置不变；每年平均。",
         "The same futures run again, all else as it is; mean of a year."),
        ("第三条", "第十八条"),
    ),
    "reforms": Note(
        ("随程序提供的办法调整方案对资金的影响。", "What the reforms that come with the program would change."),
        ("同一组随机情形下按调整后的办法重算；每年平均。", "The same futures under the reformed law; mean of a year."),
        ("第十条", "第十一条", "第十三条"),
    ),
    "ask": Note(
        ("要达到所选的把握，第一年总额度最少要多少。",
         "The smallest total of the first year with which money suffices as surely as chosen."),
        ("改变总额度反复模拟，同一组随机情形；区间来自模拟次数有限。",
         "The same futures under many totals; the interval is that of a number of trials."),
        ("第五条（一）",),
    ),
    "seek": Note(
        ("所选参数最多能到多少，资金仍有所选的把握够用。",
         "How far the number may go while money suffices as surely as chosen."),
        ("改变这一个参数反复模拟，其余不变，同一组随机情形。",
         "The same futures under many values of it, all else as it is."),
        ("第五条（三）",),
    ),
    "find-out": Note(
        ("哪些假设最值得先查清：从范围的一端到另一端，结果差多少。",
         "Which guesses are worth finding out: what the answer moves from one end of a range to the other."),
        ("情景文件中各假设的范围，逐项模拟。", "The ranges of the scenario's guesses, run one by one."),
        ("第五条（三）",),
    ),
    "map": Note(
        ("两个数各取一组值时，资金不够用的概率，或哪项限额起决定作用；线为概率10%、50%、90%处，圆点为目前取值。",
         "How likely money is short for pairs of values of two numbers, or which limit decides; lines where the chance "
         "is 10%, 50% and 90%, the point is what is set now."),
        ("同一组随机情形逐格重算；范围取各数自己的疑问范围，没有的取上下30%。",
         "The same futures run for every cell, over each number's range of doubt, else 30% to either side."),
        ("第五条（一）",),
    ),
    "equity": Note(
        ("拨投结合项目退出时收回多少原值、损失多少，与容错比例对照。",
         "What of the stakes given up comes back and what is lost, against the tolerated loss."),
        ("逐笔跟踪转为股权的拨款到退出，全部模拟的平均数；转为股权之前的项目不在其中。",
         "Each stake followed from the financing round to its exit, means over all trials."),
        ("第十一条（一）",),
    ),
    "mid-year": Note(
        ("按截至今天的申报、批准和拨付，各项限额今年还够不够：年初的预测与现在的预测并列。",
         "Given what was applied for, decided and paid so far: each limit's use as forecast in January and now."),
        ("载入的台账；其余月份在台账的条件下模拟。", "The ledger brought; the rest of the year is simulated given it."),
        ("第四条（三）", "第十四条"),
    ),
    "fit": Note(
        ("往年各年的申报数，以及由此拟合的期望数和八成区间；拟合的假设可下载为情景文件。",
         "Applications of past years and the expected number fitted, with its 80% range; what was fitted can be "
         "saved as a scenario."),
        ("载入的往年申报表，每年视为完整。", "The registers brought; each year counts as complete."),
        ("第五条（三）",),
    ),
    "hand-in": Note(
        ("预算申报表（项目支出预算表、测算说明、三年滚动规划、绩效目标表）和给领导的一页汇报。",
         "The submission tables (project budget, how amounts are worked out, rolling plan, targets) and one page for "
         "leaders."),
        ("按当前设置模拟一次；每个数随文件给出依据。",
         "A run of the settings now; each file says what its numbers rest on."),
        ("第五条（一）",),
    ),
    "price": Note(
        ("每项上限、比例、奖金、名额和额度上下一个单位，资金差多少。",
         "What one unit more or less of every ceiling, rate, prize, place and envelope changes."),
        ("同一组随机情形下逐项重算；每年平均。", "The same futures run for each; mean of a year."),
        ("第十条", "第十一条", "第十二条", "第十三条"),
    ),
    "promises": Note(
        ("办法到期以后还要支付的金额，按承诺的年度分开；以及各年不够用的概率。",
         "What is still to be paid after the measure ends, by the year in which it was promised."),
        ("全部模拟的平均数；逐笔记录承诺年度，与台账的支付合计相等。",
         "Means over all trials; each payment goes with the year of its promise and adds up to the ledger's."),
        ("第二十二条",),
    ),
    "touched": Note(
        ("每道上限每年核减几份申报、几家单位、多少金额。",
         "How many applications and applicants each ceiling cuts a year, and how much."),
        ("各年和全部模拟的平均数，分支持方向；一家单位在同一方向、同一年只计一次。",
         "Means over all years and trials, of each item; an applicant is counted once an item and year."),
        ("第十条", "第十一条", "第十二条", "第十三条"),
    ),
    "execution": Note(
        ("预算执行率（拨付额÷控制数）、年末结余，以及同年未安排的首笔；两者逐次模拟对照。",
         "What of the envelope is paid, what lapses, and the first payments refused in the same year, trial by trial."),
        ("未安排的首笔是本应当年拨付、因额度不足没有立项的部分。",
         "First payments refused are what would be paid in the year itself of what finds no room."),
        ("第十四条",),
    ),
    "payment_months": Note(
        ("各月末累计拨付占控制数的比例，与序时进度（已过月数÷12）对照。",
         "What of the envelope is paid by the end of each month, beside the part of the year gone by."),
        ("拨付月份按情景的设定推算，不影响全年数；超出年底的按12月计。",
         "Months follow from the scenario's months of payment and change no sum; what would come later is December's."),
        ("第十四条",),
    ),
    "exact": Note(
        ("份数少的方向，每种金额的精确概率，旁边是模拟得到的概率。",
         "Of items with few applications, how likely each amount is: exactly, and as simulated."),
        ("精确值由卷积得出，不靠抽样；点是模拟的比例，线是95%区间。",
         "The exact chances are convolutions, no draws; points are shares of the trials with their 95% intervals."),
        ("第十二条（五）",),
    ),
    "effects": Note(
        ("几项改动合在一起的影响怎样分到每一项：各项相加正好等于合计。",
         "How the effect of several changes divides among them: the parts add up to the whole."),
        ("每种组合各算一次，同一组随机情形；交互作用按沙普利值分摊，点是单独改这一项的影响。",
         "A run for every combination on the same futures; cross effects are shared by Shapley's values, the point is "
         "what the change does alone."),
        ("第五条（三）",),
    ),
    **dict.fromkeys(("related-1", "related-2"), Note(
        ("改动一个数值时影响最大的图；也可以自己选两张，改动时就不再更换。",
         "The picture that a change moves most, or one of your own: then switch the choosing off."),
        ("所选图各自的数；影响大小按改动前后图中数值相差的比例排序。",
         "The numbers of the picture chosen; how much it is moved is how far its numbers lie apart before and after."),
        ("第五条（三）",),
    )),
    "provision": Note(
        ("所选条款规定了什么数、在当前设置下起多大作用。",
         "What the article fixes, and how much it does under the current settings."),
        ("办法文本和当前结果；概率和金额为各年平均。",
         "The measure's text and the result there is; means of the years."),
        ("第二十条",),
    ),
}  # fmt: skip


def note_lines(key: str, say: PictureTranslator) -> list[tuple[str, str]]:
    """The note of a card as heads and texts; nothing where there is none."""
    note = NOTES.get(key)
    if note is None:
        return []
    articles = say("、", ", ").join(cited(article, say) for article in note.articles)
    return list(zip((say(*head) for head in HEADS), (say(*note.shows), say(*note.numbers), articles), strict=True))
