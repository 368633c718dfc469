"""Scenario files: what loads, what is refused and how it is said, what a save keeps."""

import os
import re
from pathlib import Path

import pytest

from changji_sim import load_scenario
from changji_sim.base import yaml_lines
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import SCENARIOS
from changji_sim.base.messages import in_language
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.modes.support_mode import CAP_ORDER
from changji_sim.scenario import distributions
from changji_sim.scenario_file import check_scenario, new_scenario_text, save_scenario, whole_text
from changji_sim.scenario_file.draft import Draft

SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path, **how) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        load_scenario(path, **how)
    return str(caught.value).splitlines()


def item(scenario, key):
    return next(found for found in scenario.items if found.key == key)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_have_no_faults(name):
    assert check_scenario(name) == []


def test_baseline_has_every_item_of_the_law_and_a_mark_for_every_assumption():
    baseline = load_scenario("baseline")
    assert len(baseline.items) == 18
    assert baseline.envelopes.total_wan[2029] == pytest.approx(8000 * 1.05**3, abs=1e-4)
    for one in baseline.items:
        for drawn in (*one.columns, *one.item_columns):
            assert drawn.source, (one.key, drawn.column.name)
        for assumption in (one.applications, one.quality_pass):
            assert assumption is None or assumption.mark in set("ABCD"), one.key


def test_eight_faults_are_said_at_once_each_with_its_line(tmp_path):
    path = write(
        tmp_path,
        """\
extends: baseline
growth: {value: 0.08, range: [0.1, 0.2]}
envelopes:
  total: -5
items:
  core_technology:
    guide:
      max_investment_share: 0.25
    asumptions: {}
  contest:
    guide:
      first_tranche: 0.5
  exchange:
    guide: {max_item_year_wan: 20%}
    assumptions:
      registers: {2026: none.csv}
  regional_platform:
    guide: {when_short: partly}
""",
    )
    said = refused(path)
    assert [line.split(": ")[0] for line in said] == [f"mine.yaml:{n}" for n in (2, 4, 8, 9, 12, 14, 16, 18)]
    assert "growth.range: the range 0.1–0.2 does not contain the value 0.08" in said[0]
    assert "envelopes.total: found -5; at least 0 is allowed" in said[1]
    assert said[2] == (
        "mine.yaml:8: core_technology.max_investment_share: found 0.25; the law allows at most 0.2, "
        "and only a reform moves it (第十条)"
    )
    assert "unknown key 'asumptions'; did you mean 'assumptions'?" in said[3]
    assert "第十五条" in said[4]
    assert "found the text '20%'; a number is needed; write 0.2" in said[5]
    assert "there is no file 'none.csv' beside the scenario" in said[6]
    assert "allowed are ranked, partial, pro_rata, defer" in said[7]


FAULTS = {
    "growth: .nan": "finite",
    "growth: .inf": "finite",
    "growth: 1e9": "at most 10",
    "growth: [1]": "a number is needed",
    "growth: {range: [0, 1]}": "'value' is missing",
    "growth: {value: 0.1, mark: E}": "allowed are A, B, C, D",
    "growth: {2026: 0.1, 2031: 0.2}": "in force 2026–2029 (第二十二条)",
    "doubt: maybe": "true or false",
    "years: [2026, 2031]": "2026–2029",
    "readings: {winner_roundin: up}": "did you mean 'winner_rounding'?",
    "readings: {winner_rounding: upp}": "did you mean 'up'?",
    "readings: {in_force: dates}": "needs the two days",
    "in_force: [2026-03-01, 2031-03-01]": "the days lie in 2026–2029",
    "measure: measure_2031": "there is no measure",
    "opening: none.csv": "no file 'none.csv'",
    "opening: ../mine.csv": "without '..'",
    "priority: [exchnge]": "did you mean 'exchange'?",
    "priority: [exchange, exchange]": "stands twice",
    "pools: {enterprises: {size: 0}}": "at least 1",
    "pools: {enterprises: {groups: 400, group_size: 2}}": "more than the 600",
    "envelopes: {categories: {industry: {share: 0.6}, transfer: {share: 0.6}}}": "the total is 8,000",
    "envelopes: {categories: {industy: 5}}": "did you mean 'industry'?",
    "envelopes: {total: none, categories: {industry: {share: 0.2}}}": "a share needs a total",
    "envelopes: {total: 20000000}": "at most 10,000,000",
    "oversight: {violation: 0.9, terminated: 0.2}": "together at most 1",
    "oversight: {fail: 1.2}": "at most 1",
    "items: {unknown: {}}": "needs category, title and mode",
    "items: {exchang: {}}": "did you mean 'exchange'?",
    "items: {exchange: {mode: grant}}": "unknown key 'mode'",
    "items: {own: {title: x, category: industry, mode: grnt}}": "did you mean 'grant'? (installed are award",
    "items: {exchange: {guide: {max_item_year: 5}}}": "did you mean 'max_item_year_wan'?",
    "items: {exchange: {guide: {max_item_year_wan: {2026: 350, 2028: 401}}}}": "at most 400",
    "items: {technology_trade: {guide: {rate: 0.005}}}": "the law fixes 0.01, and only a reform",
    "items: {contest: {guide: {tiers: {first: 20}}}}": "the law fixes",
    "items: {commissioner: {guide: {first_tranche: 0.8, middle_tranche: 0.4}}}": "together at most 1",
    "items: {transfer_project: {guide: {stages: [0.7, 0.2]}}}": "must add up to 1",
    "items: {rd_growth: {guide: {basis: transaction}}}": "the law fixes the text 'rd_growth'",
    "items: {exchange: {caps: {application_max: {per: application, wan: 5}}}}": "is taken by a ceiling",
    "items: {exchange: {caps: {mine: {per: application}}}}": "'wan' is missing",
    "items: {exchange: {caps: {mine: {per: application, rate: 0.1, of: total_wan}}}}": "allowed are requested_wan",
    "items: {exchange: {assumptions: {applications: 1e6}}}": "at most 20,000",
    "items: {exchange: {assumptions: {pool: institute}}}": "did you mean 'institutes'?",
    "items: {exchange: {assumptions: {claimants: 61}}}": "at most 60",
    "items: {exchange: {assumptions: {columns: {requested: {fixed: 1}}}}}": "did you mean 'requested_wan'?",
    "items: {exchange: {assumptions: {columns: {requested_wan: {lognorm: 1}}}}}": "did you mean 'lognormal'?",
    "items: {exchange: {assumptions: {columns: {requested_wan: {fixed: -1}}}}}": "at least 0",
    "items: {exchange: {assumptions: {columns: {requested_wan: {fixed: 1e8}}}}}": "at most 10,000,000",
    "items: {exchange: {assumptions: {columns: {requested_wan: none}}}}": "'requested_wan'",
    "items: {exchange: {assumptions: {columns: {requested_wan: {fixed: 1, share_of: own_wan}}}}}": "'own_wan' is not",
    "items: {core_technology: {assumptions: {columns: {requested_wan: {fixed: 2, share_of: total_investment_wan}}}}}": (
        "a share lies between 0 and 1"
    ),
    "items: {core_technology: {assumptions: {columns: {total_investment_wan: none}}}}": "'total_investment_wan' is not",
    "items: {local_linkage: {assumptions: {columns: {local_public_wan: none}}}}": "no application would be eligible",
    "items: {contest: {assumptions: {tiers: {fourth: 1}}}}": "unknown key 'fourth'",
    "items: {contest: {assumptions: {applications: 5}}}": "both tiers and applications",
    "items: {contest: {assumptions: {item_columns: none}}}": "needs the column 'valid_registrations'",
    "items: {special_case: {assumptions: {cases: [{name: a, year: 2040, amount: 5}]}}}": "at most 2029",
    "items: {regional_platform: {assumptions: {columns: {tier: {choice: {other: 1}}}}}}": "found the choice 'other'",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_is_a_sentence_with_a_line(tmp_path, line):
    said = refused(write(tmp_path, f"extends: baseline\n{line}\n"))
    assert all(sentence.startswith(("mine.yaml:2: ", "baseline.yaml:")) for sentence in said)
    assert FAULTS[line] in "\n".join(said)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "empty"),
        ("- 1\n", "mapping"),
        ("growth: 1\ngrowth: 2\n", "stands twice"),
        ("extends: mine\n", "in a circle"),
        ("extends: baselin\n", "did you mean 'baseline'?"),
        ("extends: [baseline]\n", "the name of one scenario"),
        ('extends: "a\\0b"\n', "there is no scenario"),
        ("a: [1\n", "not YAML"),
        ("extends: baseline\ntitle：空的\nyears: [2026]\n", "mine.yaml:2: the colon '：' behind the key"),
        ("title: 设定：好\nitems:\n  exchange：\n    guide: {a: 1}\n", "mine.yaml:3: the colon '：' behind the key"),
        ("assumptions:\n  growth: {value: 0.05， source: x}\n", "mine.yaml:2: a comma '，' within brackets"),
        ("title: 空的\n", "'items' is missing"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_a_sentence(tmp_path, text, sentence):
    assert sentence in "\n".join(refused(write(tmp_path, text)))


def test_a_missing_scenario_names_the_nearest():
    assert "did you mean 'baseline'?" in refused("basline")[0]
    assert "there is no such file" in refused("nowhere/at_all.yaml")[0]


def test_files_that_extend_each_other_in_a_circle_are_refused(tmp_path):
    write(tmp_path, "extends: two\n", "one.yaml")
    write(tmp_path, "extends: one\n", "two.yaml")
    assert "one.yaml → two.yaml → one.yaml" in refused(tmp_path / "one.yaml")[0]


def test_a_file_says_only_what_differs(tmp_path):
    write(tmp_path, "extends: baseline\nitems:\n  exchange:\n    guide: {max_item_year_wan: 300}\n", "middle.yaml")
    path = write(tmp_path, "extends: middle\nitems:\n  exchange:\n    assumptions: {applications: 9}\n")
    mine, baseline = load_scenario(path), load_scenario("baseline")
    exchange = item(mine, "exchange")
    assert exchange.modes[2026].max_item_year_wan == 300
    assert (exchange.applications.value, exchange.applications.low, exchange.applications.source) == (9, None, "")
    assert exchange.quality_pass == item(baseline, "exchange").quality_pass
    assert [one.key for one in mine.items] == [one.key for one in baseline.items]
    assert item(mine, "contest").caps == item(baseline, "contest").caps
    assert (mine.name, mine.title) == ("mine", "mine")


def test_faults_of_the_file_that_is_extended_name_it(tmp_path):
    write(tmp_path, "extends: baseline\n\ngrowth: -2\n", "parent.yaml")
    said = refused(write(tmp_path, "extends: parent\ndoubt: 3\n"))
    assert sorted(sentence.split(": ")[0] for sentence in said) == ["mine.yaml:2", "parent.yaml:3"]


def test_a_planners_baseline_may_extend_the_one_that_ships(tmp_path):
    path = write(tmp_path, "extends: baseline\nenvelopes: {total: 9000}\n", "baseline.yaml")
    assert load_scenario(path).envelopes.total_wan[2029] == 9000


def test_a_guide_tighter_than_the_law_gives_two_caps_in_order(tmp_path):
    path = write(
        tmp_path,
        """\
extends: baseline
items:
  core_technology:
    guide: {max_investment_share: {2026: 0.2, 2027: 0.15}, max_application_wan: 300, max_item_year_wan: 2000}
    caps:
      per_firm: {per: applicant_year, wan: 500, title: 每家合计, source: 征求意见, mark: D}
      small: {per: application, rate: 0.9, of: requested_wan}
""",
    )
    core = item(load_scenario(path), "core_technology")
    assert [(c.key, c.level, c.article) for c in core.caps[2027]] == [
        ("investment_share", 0.2, "第十条"),
        ("investment_share_guide", 0.15, "申报指南"),
        ("application_max", 300, "申报指南"),
        ("small", 0.9, "申报指南"),
        ("per_firm", 500, "申报指南"),
        ("item_year_max", 2000, "申报指南"),
    ]
    assert [c.key for c in core.caps[2026]][:2] == ["investment_share", "application_max"]
    assert core.sources["per_firm"] == ("征求意见", "D")
    orders = [CAP_ORDER.index(c.per) for c in core.caps[2027]]
    assert orders == sorted(orders)


def test_bounds_of_the_law_are_set_on_instances_never_on_the_class():
    grant = installed_modes()["grant"]
    before = {name: (grant.param[name].bounds, grant.param[name].constant) for name in ("max_investment_share",)}
    baseline = load_scenario("baseline")
    core = item(baseline, "core_technology").modes[2026]
    assert core.param.max_investment_share.bounds == (0, 0.2)
    with pytest.raises(ValueError, match=r"at most 0\.2"):
        core.max_investment_share = 0.25
    assert item(baseline, "commissioner").modes[2026].param.max_investment_share.bounds == (0, 1)
    assert {name: (grant.param[name].bounds, grant.param[name].constant) for name in before} == before
    trade = item(baseline, "technology_trade").modes[2029]
    assert trade.param.rate.bounds == (0.01, 0.01)
    contest = item(baseline, "contest").modes[2026]
    assert contest.tiers == {"first": 10, "second": 8, "third": 5}
    with pytest.raises(TypeError):
        contest.tiers = {"first": 20}


def test_a_reform_moves_the_law(tmp_path):
    path = write(tmp_path, "extends: baseline\nitems: {core_technology: {guide: {max_investment_share: 0.25}}}\n")
    core = item(load_scenario(path, reform="share-25"), "core_technology")
    assert [(c.key, c.level) for c in core.caps[2026] if c.of] == [("investment_share", 0.25)]
    extended = load_scenario("baseline", reform="extend-2031")
    assert extended.years == (2026, 2027, 2028, 2029, 2030, 2031)
    assert extended.reform_text


@pytest.mark.parametrize(
    "reading, key, cap, field, value",
    [
        ("exchange_counts: payments", "exchange", "item_year_max", "net_of_carried", True),
        ("exchange_counts: commitments", "exchange", "item_year_max", "net_of_carried", False),
        ("public_money: no", "core_technology", "investment_share", "less_public", False),
        ("public_money: yes", "core_technology", "investment_share", "less_public", True),
        ("upgrade_pays: difference", "national_platform", "upgrade_credit", "per", "application"),
    ],
)
def test_readings_decide_what_a_cap_counts(tmp_path, reading, key, cap, field, value):
    mine = load_scenario(write(tmp_path, f"extends: baseline\nreadings: {{{reading}}}\n"))
    found = next(c for c in item(mine, key).caps[2026] if c.key == cap)
    assert getattr(found, field) == value


def test_a_column_is_drawn_only_under_the_reading_that_reads_it(tmp_path):
    mine = load_scenario(write(tmp_path, "extends: baseline\nreadings: {equity_scope: pilots_only}\n"))
    under = [{d.column.name for d in item(s, "transfer_project").columns} for s in (mine, load_scenario("baseline"))]
    assert under[0] - under[1] == {"is_pilot"}


def test_columns_stand_in_order_of_drawing_whatever_the_order_of_the_file(tmp_path):
    path = write(
        tmp_path,
        """\
extends: baseline
items:
  vouchers:
    category: environment
    title: 创新券
    mode: grant
    assumptions:
      applications: 5
      columns:
        requested_wan: {beta: {mean: 0.2, sd: 0.1}, share_of: total_investment_wan}
        total_investment_wan: {fixed: 100, level: {log_sd: 0.2}}
        term_years: {fixed: 1}
""",
    )
    vouchers = item(load_scenario(path), "vouchers")
    names = [d.column.name for d in vouchers.columns]
    assert names.index("total_investment_wan") < names.index("requested_wan")
    level = next(d.level for d in vouchers.columns if d.level)
    assert (level.value, level.log_sd) == (1.0, 0.2)
    assert vouchers.article == "申报指南"


def test_doubt_about_a_probability_stands_in_its_place():
    transfer = item(load_scenario("baseline"), "transfer_project")
    waiting = next(d for d in transfer.columns if d.column.name == "round_year")
    assert waiting.distribution.values == (3.0, 0.3)
    assert (waiting.probability.low, waiting.probability.high) == (0.15, 0.5)


def test_items_leave_when_set_to_nothing_and_the_rest_keeps_its_priority(tmp_path):
    path = write(tmp_path, "extends: baseline\npriority: [exchange]\nitems: {contest: none}\n")
    keys = [one.key for one in load_scenario(path).items]
    assert keys[0] == "exchange" and "contest" not in keys and len(keys) == 17


def test_an_opening_file_is_read_and_its_faults_are_named(tmp_path):
    good = (SCENARIOS / "opening_example.csv").read_text(encoding="utf-8")
    write(tmp_path, good, "opening.csv")
    mine = load_scenario(write(tmp_path, "extends: baseline\nopening: opening.csv\n"))
    assert mine.opening[0].due_wan == {2026: 48.0}
    assert mine.opening[-1].is_award_given
    (tmp_path / "opening.csv").write_bytes(good.replace("120,72", "130,72").replace("150", "x").encode("gbk"))
    said = refused(tmp_path / "mine.yaml")
    assert any(
        "opening.csv row 2: committed 130 less paid 72 is not what falls due, 48" in sentence for sentence in said
    )
    assert any("opening.csv row 4 column C: 立项金额（万元）: found 'x'" in sentence for sentence in said)


OPENING_HEAD = "applicant,item,committed_wan,paid_wan,due_2026,is_award_given,platform\n"


def opening_refused(folder: Path, rows: str) -> list[str]:
    write(folder, OPENING_HEAD + rows, "opening.csv")
    return refused(write(folder, "extends: baseline\nopening: opening.csv\n"))


@pytest.mark.parametrize("cell", ['"10,5"', "1_000", '"1,00"', "10，5", "1e", "."])
def test_an_amount_that_can_be_read_two_ways_is_refused(tmp_path, cell):
    said = opening_refused(tmp_path, f"甲,exchange,{cell},0,0,,\n")
    assert any("opening.csv row 2 column C: committed_wan: found '" in one and "10.5 or 1,234.5" in one for one in said)


def test_amounts_as_people_write_them(tmp_path):
    write(tmp_path, OPENING_HEAD + '甲,exchange,"1,234.5",１０,1.2245e3,,\n', "opening.csv")
    opening = load_scenario(write(tmp_path, "extends: baseline\nopening: opening.csv\n")).opening
    assert (opening[0].committed_wan, opening[0].paid_wan, opening[0].due_wan) == (1234.5, 10, {2026: 1224.5})


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            "甲,regional_platform,100,100,0,yes,P1\n乙,regional_platform,100,100,0,yes,Ｐ1\n",
            "once a platform, and line 2",
        ),
        ("甲,regional_platform,0,0,0,yes,P1\n乙,regional_platform,0,0,0,yes,P1\n", "once a platform, and line 2"),
        ("甲,new_hightech,15,15,0,yes,\n甲,new_hightech,15,15,0,no,\n", "once an applicant, and line 2"),
    ],
)
def test_an_award_given_once_does_not_stand_twice_in_an_opening_file(tmp_path, rows, says):
    assert any(one.startswith("opening.csv row 3: ") and says in one for one in opening_refused(tmp_path, rows))


def test_awards_of_others_and_a_row_that_says_again_that_one_was_given_stand(tmp_path):
    rows = (
        "甲,regional_platform,100,100,0,yes,P1\n甲,regional_platform,0,0,0,yes,P1\n"
        "乙,national_platform,500,500,0,yes,P1\n乙,regional_platform,100,100,0,yes,P2\n"
        "甲,new_hightech,15,15,0,,\n乙,new_hightech,15,15,0,,\n甲,exchange,5,5,0,,\n甲,exchange,6,6,0,,\n"
    )
    write(tmp_path, OPENING_HEAD + rows, "opening.csv")
    assert len(load_scenario(write(tmp_path, "extends: baseline\nopening: opening.csv\n")).opening) == 8


SAVED = """\
# why this file exists
extends: baseline

items:
  exchange:  # the 400
    guide: {max_item_year_wan: 350}  # agreed in March
"""


def test_a_save_keeps_comments_and_changes_only_what_it_is_told(tmp_path):
    path = write(tmp_path, SAVED)
    save_scenario(path, {"items.exchange.guide.max_item_year_wan": 300, "envelopes.total.value": 9000})
    text = path.read_text(encoding="utf-8")
    assert "# why this file exists" in text and "# agreed in March" in text and "# the 400" in text
    envelopes = load_scenario(path).envelopes
    assert (envelopes.total_wan[2027], envelopes.source) == (9450, "")  # the growth comes along, the source does not
    save_scenario(path, {"envelopes": None, "items.exchange.guide.max_item_year_wan": 350})
    assert path.read_text(encoding="utf-8") == SAVED


def test_a_save_that_would_break_the_law_leaves_the_file_as_it_was(tmp_path):
    path = write(tmp_path, SAVED)
    with pytest.raises(FaultyInput, match="第十三条（三）"):
        save_scenario(path, {"items.exchange.guide.max_item_year_wan": 500})
    with pytest.raises(FaultyInput, match="cannot set"):
        save_scenario(path, {"items.exchange.guide.max_item_year_wan.deeper.still": 5})
    assert path.read_text(encoding="utf-8") == SAVED
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]


def test_the_shipped_baseline_survives_a_save_byte_by_byte(tmp_path):
    path = write(tmp_path, (SCENARIOS / "baseline.yaml").read_text(encoding="utf-8"), "copy.yaml")
    save_scenario(path, {})
    assert path.read_text(encoding="utf-8") == (SCENARIOS / "baseline.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("is_used", [False, True])
def test_a_new_scenario_loads_as_it_is_and_with_its_comments_taken_away(tmp_path, is_used, language):
    text = new_scenario_text("试算", language=language)
    if is_used:
        head = "application_id,item,applicant,submitted,total_investment_wan,requested_wan,term_years"
        write(tmp_path, f"{head}\n1,core_technology,甲,2026-03-01,100,20,2\n", "applications-2026.csv")
        head, _, rest = text.partition("\n# The money" if language == "en" else "\n# 控制数")
        uncommented = [line.removeprefix("# ") for line in rest.splitlines()[1:] if line.startswith("# ")]
        text = "\n".join([head, *(line for line in uncommented if line[0].islower() or line[0] == " ")])
    mine = load_scenario(write(tmp_path, text))
    assert mine.name == "试算"
    assert any(one.key == "my_vouchers" for one in mine.items) == is_used


def test_a_new_scenario_is_commented_in_the_readers_language_and_says_the_same():
    english, chinese = (new_scenario_text("试算", language=language) for language in ("en", "zh"))
    assert new_scenario_text("试算") == english != chinese
    with in_language("zh"):
        assert new_scenario_text("试算") == chinese
    assert keys_of(english) == keys_of(chinese)


def keys_of(text: str) -> list[str]:
    """The lines of a new scenario that are or would be YAML, without their comments."""
    found = re.findall(r"^(?:# )?( *[a-z_]+:(?: [^#\n]*)?)", text, re.MULTILINE)
    return [line.rstrip() for line in found]


def test_a_name_no_file_can_have_is_refused():
    with pytest.raises(FaultyInput):
        new_scenario_text("a/b")


def test_the_whole_text_of_a_scenario_loads_to_the_same_scenario(tmp_path):
    tight = load_scenario("tight_budget")
    again = load_scenario(write(tmp_path, whole_text(tight), "again.yaml"))
    assert again.envelopes == tight.envelopes
    assert [one.caps for one in again.items] == [one.caps for one in tight.items]
    assert again.raw == tight.raw


@pytest.mark.parametrize(
    "name", ["CON", "nul", "Prn", "COM1", "aux.txt", "lpt9.a.b", "x.", "$(id)", "x;y", "x^y", "~x"]
)
def test_a_name_that_windows_or_a_shell_takes_otherwise_is_refused(name):
    with pytest.raises(FaultyInput, match="cannot name a scenario"):
        new_scenario_text(name)


@pytest.mark.parametrize("name", ["CONtract", "com", "com10", "紧缩.2", "方案（二）", "a b", "a,b", "a+b=c"])
def test_a_name_every_machine_can_hold_begins_a_scenario(name, tmp_path):
    assert load_scenario(write(tmp_path, new_scenario_text(name))).name == name


REGISTER_HEAD = "application_id,item,applicant,submitted,requested_wan\n"


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("measure: measure_2027\ngrowth:", 2),  # an empty key is found as the file is read, no law as it is looked for
        ("growth:\nenvelopes: {total: -5}", 2),
        ("items: {exchange: {assumptions: {registers: {2026: rows.csv}}}}", 1),
    ],
)
def test_a_draft_refuses_what_check_refuses(tmp_path, said, count):
    write(tmp_path, REGISTER_HEAD + "1,exchange,甲,2026-03-01,-5\n", "rows.csv")
    path = write(tmp_path, f"extends: baseline\n{said}\n")
    with pytest.raises(FaultyInput) as caught:
        Draft(path)
    assert list(caught.value.faults) == check_scenario(path)
    assert len(caught.value.faults) == count


def test_a_draft_keeps_what_load_knows_of_its_files(tmp_path):
    write(tmp_path, REGISTER_HEAD + "1,exchange,甲,2026-03-01,5\n", "rows.csv")
    path = tmp_path / "mine.yaml"
    text = "extends: baseline\ntitle: 我的\nitems: {exchange: {assumptions: {registers: {2026: rows.csv}}}}\n"
    path.write_text(text, encoding="gbk")
    loaded, draft = load_scenario(path), Draft(path)
    turned = draft.scenario({"growth": 0.2})
    assert draft.original.warnings == loaded.warnings == turned.warnings
    assert "GBK" in loaded.warnings[0].what
    assert draft.original.read_hashes == loaded.read_hashes == turned.read_hashes
    assert list(loaded.read_hashes) == [tmp_path / "rows.csv"]


@pytest.mark.parametrize("name", ["mine.yaml", "parent.yaml", "grandparent.yaml", "rows.csv", "promised.csv"])
def test_a_draft_knows_every_file_it_was_made_of(tmp_path, name):
    write(tmp_path, REGISTER_HEAD + "1,exchange,甲,2026-03-01,5\n", "rows.csv")
    write(tmp_path, "item,applicant,committed_wan,paid_wan,due_2026\nexchange,甲,5,0,5\n", "promised.csv")
    write(tmp_path, "extends: baseline\nopening: promised.csv\n", "grandparent.yaml")
    register = "items: {exchange: {assumptions: {registers: {2026: rows.csv}}}}"
    write(tmp_path, f"extends: grandparent\n{register}\n", "parent.yaml")
    draft = Draft(write(tmp_path, "extends: parent\n"))
    draft.scenario({"growth": 0.2})
    assert draft.is_current
    changed = tmp_path / name
    os.utime(changed, ns=(0, changed.stat().st_mtime_ns - 1))  # one put back from a copy is older
    draft.scenario({"growth": 0.3})
    assert not draft.is_current


def test_what_was_read_before_is_neither_parsed_nor_tabulated_again(monkeypatch):
    load_scenario("baseline")
    for module, name in ((yaml_lines, "events"), (distributions, "_tabulated")):
        monkeypatch.setattr(module, name, None)  # a call would raise
    one, other = load_scenario("baseline"), load_scenario("baseline")
    assert one.raw == other.raw and one.raw is not other.raw
    one.raw["envelopes"]["total"]["value"] = 1
    assert load_scenario("baseline").raw == other.raw
