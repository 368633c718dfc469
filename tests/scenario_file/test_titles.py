"""Chinese titles in the place of keys: what the program prints may be written into a scenario file and a reform."""

from __future__ import annotations

import pytest
from every_day import some_are_slow

from changji_sim.base.faults import FaultyInput
from changji_sim.measure import load_measure, load_reform
from changji_sim.scenario_file import check_scenario, load_scenario, save_scenario

OWN = """
items:
  vouchers: {category: environment, title: 创新券, mode: service_purchase, guide: {max_applicant_year_wan: 10},
    assumptions: {applications: 60, columns: {requested_wan: {fixed: 4}, term_years: {fixed: 1}}}}
"""
CASES = '{assumptions: {applications: none, cases: [{name: 甲, year: 2026, amount: 5, source: x, mark: "D"}]}}'
SHARE = "items: {core_technology: {assumptions: {columns: {requested_wan: {fixed: 0.2, share_of: OF}}}}}"
EQUAL = {  # with titles, with keys
    "item": ("items: {科技交流活动: {guide: {places: 9}}}", "items: {exchange: {guide: {places: 9}}}"),
    "category": (
        "envelopes: {categories: {产业重大技术攻关专项: 900}}",
        "envelopes: {categories: {industry: 900}}",
    ),
    "priority": ("priority: [科技交流活动, contest]", "priority: [exchange, contest]"),
    "when short": (
        "items: {exchange: {guide: {when_short: 同比例压减}}}",
        "items: {exchange: {guide: {when_short: pro_rata}}}",
    ),
    "selection": (
        "items: {exchange: {guide: {selection: 按先后}}}",
        "items: {exchange: {guide: {selection: by_date}}}",
    ),
    "reading": ("readings: {追回的范围: 仅未用部分}", "readings: {clawback_scope: unspent}"),
    "reading in quotes": ("readings: {“每家”是单位还是集团: 所属集团}", "readings: {enterprise: group}"),
    "mark": ("growth: {value: 0.1, mark: 推算}", "growth: {value: 0.1, mark: C}"),
    "mark of a case": (
        f"items: {{special_case: {CASES}}}".replace('"D"', "官方公布"),
        f"items: {{special_case: {CASES}}}".replace('"D"', "A"),
    ),
    "flag": ("envelopes: {pooling: 是, forward_cover: 否}", "envelopes: {pooling: true, forward_cover: false}"),
    "flag of the top": ("doubt: 否", "doubt: false"),
    "flag of an item": (
        "items: {exchange: {assumptions: {distinct: 是}}}",
        "items: {exchange: {assumptions: {distinct: true}}}",
    ),
    "kind of pool": ("pools: {parks: {size: 9, kind: 事业单位}}", "pools: {parks: {size: 9, kind: institute}}"),
    "pool": ("items: {exchange: {assumptions: {pool: 企业}}}", "items: {exchange: {assumptions: {pool: enterprises}}}"),
    "count": ("items: {exchange: {assumptions: {count: 固定}}}", "items: {exchange: {assumptions: {count: fixed}}}"),
    "cap": (
        "items: {exchange: {caps: {mine: {per: 每家每年, wan: 20, share_out: 按申报先后}}}}",
        "items: {exchange: {caps: {mine: {per: applicant_year, wan: 20, share_out: in_order}}}}",
    ),
    "cap of a column": (
        "items: {exchange: {caps: {mine: {per: 单个项目, rate: 0.5, of: 申请金额}}}}",
        "items: {exchange: {caps: {mine: {per: application, rate: 0.5, of: requested_wan}}}}",
    ),
    "term": (
        "items: {exchange: {guide: {每年总额上限（万元）: 300, 首笔拨付比例: 0.9}}}",
        "items: {exchange: {guide: {max_item_year_wan: 300, first_tranche: 0.9}}}",
    ),
    "column": (
        "items: {core_technology: {assumptions: {columns: {申请金额（万元）: {fixed: 40}}}}}",
        "items: {core_technology: {assumptions: {columns: {requested_wan: {fixed: 40}}}}}",
    ),
    "share of a column": (
        SHARE.replace("OF", "项目总投资"),
        SHARE.replace("OF", "total_investment_wan"),
    ),
    "choice of a column": (
        "items: {loan_interest: {assumptions: {columns: {还款方式: {choice: {到期还本: 1, 等额本金: 3}}}}}}",
        "items: {loan_interest: {assumptions: {columns: {repayment: {choice: {bullet: 1, equal_principal: 3}}}}}}",
    ),
    "one choice": (
        "items: {loan_interest: {assumptions: {columns: {repayment: {fixed: 等额本金}}}}}",
        "items: {loan_interest: {assumptions: {columns: {repayment: {fixed: equal_principal}}}}}",
    ),
    "flag of a column": (
        "items: {rd_starter: {assumptions: {columns: {has_patent: {fixed: 是}}}}}",
        "items: {rd_starter: {assumptions: {columns: {has_patent: {fixed: 1}}}}}",
    ),
    "tiers": (
        "items: {contest: {assumptions: {tiers: {一等奖: 2}}}}",
        "items: {contest: {assumptions: {tiers: {first: 2}}}}",
    ),
    "tiers of a column": (
        "items: {national_platform: {assumptions: {columns: {tier: {choice: {产业类: 1, 其他: 1}}}}}}",
        "items: {national_platform: {assumptions: {columns: {tier: {choice: {industrial: 1, other: 1}}}}}}",
    ),
    "category and mode of an own item": (
        OWN.replace("environment", "创新环境建设专项").replace("service_purchase", "购买服务"),
        OWN,
    ),
    "own item": (OWN + "priority: [创新券]", OWN + "priority: [vouchers]"),
    "spelled in full width, with a space": (
        "items: {科技 交流活动: {guide: {max_item_year_wan: 300}}}",
        "items: {exchange: {guide: {max_item_year_wan: 300}}}",
    ),
}


def scenario(folder, text, name="mine.yaml", extends="baseline"):
    path = folder / name
    path.write_text(f"extends: {extends}\n{text}\n", encoding="utf-8")
    return path


def said(path):
    return [str(fault) for fault in check_scenario(path) if not fault.is_warning]


@pytest.mark.parametrize("kind", some_are_slow(EQUAL, list(EQUAL)[::4]))
def test_a_title_is_read_as_its_key(kind, tmp_path):
    titles, keys = EQUAL[kind]
    one, other = scenario(tmp_path, titles, "one.yaml"), scenario(tmp_path, keys, "other.yaml")
    faults = said(one)
    assert faults == said(other)
    if not faults:
        assert load_scenario(one).raw == load_scenario(other).raw


@pytest.mark.slow
def test_most_of_these_are_without_fault(tmp_path):
    faulty = [kind for kind, (titles, _) in EQUAL.items() if said(scenario(tmp_path, titles))]
    assert faulty == []


def test_the_title_of_an_extended_files_own_item_is_read(tmp_path):
    scenario(tmp_path, OWN, "parent.yaml")
    child = scenario(tmp_path, "items: {创新券: {guide: {max_applicant_year_wan: 5}}}", extends="parent")
    items = {item.key: item for item in load_scenario(child).items}
    assert items["vouchers"].modes[2026].max_applicant_year_wan == 5


def test_a_title_of_two_keys_names_both(tmp_path):
    twice = OWN + OWN.replace("\nitems:\n", "").replace("vouchers", "coupons") + "\npriority: [创新券]"
    assert any("mine.yaml:" in line and "'创新券' may be 'vouchers' or 'coupons'; write the key" in line
               for line in said(scenario(tmp_path, twice)))  # fmt: skip


def test_a_key_beside_its_title_is_a_fault(tmp_path):
    text = "items:\n  exchange: {guide: {places: 3}}\n  科技交流活动: {guide: {places: 4}}"
    (fault,) = said(scenario(tmp_path, text))
    assert fault == "mine.yaml:4: 'exchange' stands here under its key and under its title too; keep one"


def test_a_fault_below_a_title_has_its_line(tmp_path):
    (fault,) = said(scenario(tmp_path, "items:\n  科技交流活动:\n    guide:\n      每年总额上限: 900"))
    assert fault.startswith("mine.yaml:5: exchange.max_item_year_wan: found 900; the law allows at most 400")


def test_saving_keeps_the_titles_of_the_file(tmp_path):
    text = "items:\n  科技交流活动:  # 每年\n    guide: {when_short: 同比例压减, 每年总额上限: 300}"
    path = scenario(tmp_path, text)
    save_scenario(path, {"items.exchange.guide.max_item_year_wan": 350, "items.exchange.guide.places": 4})
    saved = path.read_text(encoding="utf-8")
    assert "科技交流活动:  # 每年" in saved and "when_short: 同比例压减" in saved
    assert "每年总额上限: 350" in saved and "exchange" not in saved and "max_item_year_wan" not in saved
    assert load_scenario(path).items and not said(path)


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        (
            "{item: 科技交流活动, term: 每年总额, from: 2026, value: 500}",
            "{item: exchange, term: max_item_year_wan, from: 2026, value: 500}",
        ),
        (
            "{item: 创新创业大赛, term: 一等奖, from: 2027, value: 12}",
            "{item: contest, term: tiers.first, from: 2027, value: 12}",
        ),
        ("{oversight: 暂停申报年限, from: 2026, value: 3}", "{oversight: bar_years, from: 2026, value: 3}"),
    ],
)
def test_a_reform_takes_titles_too(titles, keys, tmp_path):
    changes = []
    for name, change in (("one", titles), ("other", keys)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"title: x\nsets:\n  - {change}\n", encoding="utf-8")
        changes.append(load_reform(path).changes)
    assert changes[0] == changes[1]


def test_an_item_of_a_reform_that_resembles_a_title(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text("title: x\nsets:\n  - {item: 科技交流, term: x, from: 2026, value: 1}\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="did you mean '科技交流活动' \\(exchange\\)"):
        load_reform(path)


def test_no_two_titles_of_the_measure_are_alike():
    measure = load_measure()
    for named in (measure.items, measure.categories, measure.readings, measure.modes):
        titles = [one.title for one in named.values()]
        assert len(set(titles)) == len(titles)
    for reading in measure.readings.values():
        assert len({choice.title for choice in reading.choices}) == len(reading.choices)
