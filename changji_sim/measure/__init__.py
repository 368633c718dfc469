"""The measure (办法) as data: its articles, the numbers they fix, and those numbers under a reform (办法调整方案).

>>> measure = load_measure()
>>> measure.value("exchange", "max_item_year_wan", 2026)
400
>>> [provision.article for provision in measure.find("11(3)")]
['第十一条（三）']
>>> reformed = measure.reformed(load_reform("exchange-500"))
>>> reformed.value("exchange", "max_item_year_wan", 2026), measure.value("exchange", "max_item_year_wan", 2026)
(500, 400)

The numbers lie in ``measure_2026.yaml``, the measure's own words in ``measure_2026.txt``, reforms in ``reforms/``. No
scenario can move these numbers; a reform can.
"""

from .article_numbers import article_number
from .law import Measure
from .law_files import LAW_FOLDER, load_measure
from .law_parts import (
    COMMANDS,
    SCENARIO_PARTS,
    STEPS,
    Change,
    Choice,
    LawItem,
    LawValue,
    LawWord,
    Named,
    Provision,
    Reading,
    Reform,
    Requirement,
)
from .reforms import (
    LATEST_YEAR,
    MAX_YEARS,
    REFORM_FOLDER,
    load_reform,
    parse_reform,
    reform_names,
    reform_text,
)
from .stacked_reforms import Reforms, restacked, stacked

__all__ = [
    "COMMANDS",
    "LATEST_YEAR",
    "LAW_FOLDER",
    "MAX_YEARS",
    "REFORM_FOLDER",
    "SCENARIO_PARTS",
    "STEPS",
    "Change",
    "Choice",
    "LawItem",
    "LawValue",
    "LawWord",
    "Measure",
    "Named",
    "Provision",
    "Reading",
    "Reform",
    "Reforms",
    "Requirement",
    "article_number",
    "load_measure",
    "load_reform",
    "parse_reform",
    "reform_names",
    "reform_text",
    "restacked",
    "stacked",
]
