"""Items the measure does not name (自设), and terms an article settles: what a guide may not get round."""

from __future__ import annotations

import pytest

from changji_sim import load_scenario
from changji_sim.assess.assess_applications import assess_file
from changji_sim.base.faults import FaultyInput
from changji_sim.reports.terminal import result_view
from changji_sim.scenario_file import check_scenario


def written(folder, text):
    path = folder / "mine.yaml"
    path.write_text(f"extends: baseline\n{text}\n", encoding="utf-8")
    return path


def own(category, mode, guide="", columns="requested_wan: {fixed: 5}", key="mine"):
    return (
        f"items: {{{key}: {{category: {category}, title: 我的, mode: {mode}, guide: {{{guide}}}, "
        f"assumptions: {{applications: 3, columns: {{{columns}}}}}}}}}"
    )


def refusal(folder, text):
    with pytest.raises(FaultyInput) as caught:
        load_scenario(written(folder, text))
    return "\n".join(str(fault) for fault in caught.value.faults if not fault.is_warning)


INVESTMENT = "requested_wan: {fixed: 5}, total_investment_wan: {fixed: 10}"
DEALS = "transaction_wan: {fixed: 50}"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        # what a reward is reckoned by
        (
            "items: {technology_trade: {guide: {basis: rd_growth}}}",
            ["technology_trade.basis: found the text 'rd_growth'", "fixes the text 'transaction'", "第十一条（三）"],
        ),
        ("items: {rd_growth: {guide: {basis: transaction}}}", ["rd_growth.basis", "第十二条（六）"]),
        ("items: {rd_growth: {guide: {basis: {2026: rd_growth, 2028: transaction}}}}", ["rd_growth.basis"]),
        (
            "items: {national_platform: {guide: {tier_titles: {industrial: 其他, other: 产业类}}}}",
            ["national_platform.tier_titles", "第十二条（二）"],
        ),
        # 第十条: a fifth of the investment in the whole programme, by a grant
        (own("industry", "grant", "max_investment_share: 0.5", INVESTMENT), ["at most 0.2", "第十条"]),
        (own("industry", "grant"), ["needs the column 'total_investment_wan'", "第十条"]),
        (own("industry", "service_purchase"), ["mine.mode", "choose mode grant, or another category", "第十条"]),
        # 第十三条（三）: 400 for all exchange activities together
        (own("regional", "service_purchase"), ["exchange 400 + mine 400 is more than 400", "第十三条（三）"]),
        (own("regional", "service_purchase", "max_item_year_wan: 500"), ["at most 400", "第十三条（三）"]),
        # 第十一条（三）: 1% of a deal, 5 a project, 20 an enterprise and year, whatever the title and the programme
        (own("environment", "reward_subsidy", "rate: 0.05", DEALS), ["fixes 0.01", "第十一条（三）"]),
        (
            own("transfer", "reward_subsidy", "basis: {2026: rd_growth, 2027: transaction}", DEALS),
            ["technology_trade 20 + mine 20 is more than 20", "第十一条（三）"],
        ),
    ],
)
def test_a_guide_that_gets_round_an_article_is_refused(tmp_path, text, sentences):
    said = refusal(tmp_path, text)
    assert all(sentence in said for sentence in sentences), said


@pytest.mark.parametrize(
    "text",
    [
        "items: {technology_trade: {guide: {basis: transaction}}}",
        own("environment", "service_purchase", "max_item_year_wan: 800"),
        own("industry", "grant", "", INVESTMENT),
        own("regional", "service_purchase", "max_item_year_wan: 100").replace(
            "items: {", "items: {exchange: {guide: {max_item_year_wan: 300}}, "
        ),
        own("regional", "service_purchase").replace("items: {", "items: {exchange: none, ") + "\npriority: [mine]",
    ],
)
def test_what_the_measure_leaves_open_stays_open(tmp_path, text):
    load_scenario(written(tmp_path, text))


def test_a_general_ceiling_is_a_cap_with_its_article(tmp_path):
    scenario = load_scenario(written(tmp_path, own("industry", "grant", "", INVESTMENT)))
    item = next(item for item in scenario.items if item.key == "mine")
    assert item.is_own and item.covered_by == "core_technology"
    (cap,) = [cap for cap in item.caps[2027] if cap.key == "investment_share"]
    assert (cap.level, cap.article) == (0.2, "第十条")


def test_a_reform_moves_a_general_ceiling_too(tmp_path):
    path = written(tmp_path, own("industry", "grant", "max_investment_share: 0.25", INVESTMENT))
    item = next(item for item in load_scenario(path, reform="share-25").items if item.key == "mine")
    assert item.modes[2026].max_investment_share == 0.25


def test_an_item_of_ones_own_is_marked_wherever_it_is_met(tmp_path):
    path = written(tmp_path, own("environment", "service_purchase", "max_item_year_wan: 100"))
    (warning,) = check_scenario(path)
    assert warning.is_warning and str(warning).startswith("mine.yaml:2: mine: not in the measure (自设)")
    scenario = load_scenario(path)
    result = scenario.run(trials=20)
    assert "Not in the measure, named by no article: 我的." in result.notes()
    assert "下列支持方向为自设，办法没有相应条款：我的。" in result.notes("zh")
    assert any("自设" in str(part) for part in result_view(result, "zh").renderables)
    rows = tmp_path / "rows.csv"
    rows.write_text("application_id,item,applicant,submitted,requested_wan\n1,我的,甲,2026-03-01,5\n", encoding="utf-8")
    assert any("自设" in note for note in assess_file(rows, scenario=scenario, out=False).notes)
