"""One provision of the measure as HTML: its gist, its numbers, what of the program it touches, its readings."""

from __future__ import annotations

from collections.abc import Iterator

from ...measure import LawValue, Measure, Provision, Reading
from ...results.idle_readings import idle_readings
from ...results.run_result import RunResult
from ...scenario.model import Item, ScenarioModel
from ...views import PictureTranslator
from ...views.picture_text import cited
from ...wording.amounts import percent, wan
from ...wording.labels import label
from ...wording.language import cap_title
from ..widgets.ui_text import html
from .tables import rows_of, table

STEPS = {
    "applications": ("申报", "applications"),
    "ineligible": ("资格审查", "eligibility"),
    "selection": ("评审排序", "selection"),
    "demand": ("测算", "demand"),
    "caps": ("上限核减", "caps"),
    "envelopes": ("额度安排", "envelopes"),
    "pay": ("拨付", "payment"),
    "oversight": ("监督检查与验收", "oversight"),
    "returns": ("结余收回与追回", "returns and clawbacks"),
    "book": ("记账", "booking"),
}
COMMANDS = {
    "run": ("测算", "run"),
    "assess": ("测算真实申报", "assess real applications"),
    "template": ("申报表模板", "template for applications"),
    "measure": ("查办法", "look up the measure"),
    "plugins": ("支持方式插件", "plugins"),
    "desk": ("看板", "desk"),
}
KINDS = {
    "step": ("测算步骤", "step of a year"),
    "command": ("功能", "command"),
}


def gist(provision: Provision, say: PictureTranslator) -> str:
    """What it says, in our own words."""
    return say(provision.gist_zh, provision.gist_en)


def items_of(provision: Provision, scenario: ScenarioModel) -> list[Item]:
    """The items of a scenario that a provision is about: those it names, or else those of the programmes or forms of
    support it names.
    """
    touched = set(provision.touches)
    for names in (
        lambda item: {item.key},
        lambda item: {f"category:{item.category}"},
        lambda item: {f"mode:{mode.key}" for mode in item.modes.values()},
    ):
        if found := [item for item in scenario.items if names(item) & touched]:
            return found
    return []


def readings_of(provision: Provision, law: Measure) -> list[Reading]:
    """The readings that bear on it."""
    return [reading for reading in law.readings.values() if f"reading:{reading.name}" in provision.touches]


def search_text(provision: Provision, law: Measure) -> str:
    """The text that a search looks through, in lower case."""
    number, paragraph = provision.number
    parts = [provision.article, f"{number}({paragraph})" if paragraph else str(number), provision.gist_zh,
             provision.gist_en, provision.text, *provision.touches]  # fmt: skip
    for value in law.values():
        if value.article == provision.article:
            parts += [value.title, value.title_en, value.shown()]
    for key, item in law.items.items():
        if key in provision.touches or item.article == provision.article:
            parts += [item.title, item.title_en]
    for reading in readings_of(provision, law):
        parts += [reading.title, reading.title_en]
    return " ".join(parts).lower()


def provision_html(provision: Provision, law: Measure, result: RunResult, say: PictureTranslator) -> str:
    """Everything about one provision."""
    parts = [
        f"<h3>{html(cited(provision.article, say))}</h3><p>{html(gist(provision, say))}</p>",
        own_text(provision, law, say),
        _numbers(provision, law, result.scenario, say),
        _caps(provision, result, say),
        _readings(provision, law, result, say),
        _touches(provision, law, result.scenario, say),
    ]
    return "".join(parts)


def own_text(provision: Provision, law: Measure, say: PictureTranslator) -> str:
    """The measure's own text of the whole article, what the provision is about marked in it."""
    article = [one for one in law.provisions if one.number[0] == provision.number[0]]
    lines = []
    for one in article:
        parts = "".join(f"<p>{html(line)}</p>" for line in one.text.splitlines())
        lines.append(f'<div class="own">{parts}</div>' if one is provision and len(article) > 1 else parts)
    text = f'<div class="law-text" lang="zh-CN">{"".join(lines)}</div>'
    return _heading("办法原文", "The measure's own text", say) + text


# --- its numbers ------------------------------------------------------------------------------------------------------


def _numbers(provision: Provision, law: Measure, scenario: ScenarioModel, say: PictureTranslator) -> str:
    """The law's numbers of this article, and what the guide makes of them."""
    values = [value for value in law.values() if value.article == provision.article]
    rows = [_number(value, law, scenario, say) for value in values]
    if provision.article == law.in_force_article:
        rows.append([say("有效期", "in force"), f"{law.first_year}–{law.last_year}", "–", ""])
    if not rows:
        return ""
    heads = [
        label("numbers", say, "columns"),
        label("law", say, "parts"),
        say("指南现值", "the guide now"),
        say("性质", "kind"),
    ]
    return _heading("办法规定的数值", "Numbers it fixes", say) + table(heads, rows)


def _number(value: LawValue, law: Measure, scenario: ScenarioModel, say: PictureTranslator) -> list[str]:
    of = law.items.get(value.item)
    whose = f"{say(of.title, of.title_en)} · " if of else ""
    shown = html(value.shown()) + (f' <b class="beyond">{label("reform", say, "columns")}</b>' if value.reform else "")
    kind = (
        say("上限，指南可更低", "ceiling; the guide may go lower") if value.kind == "ceiling" else say("固定", "fixed")
    )
    return [html(whose + say(value.title or value.term, value.title_en or value.term)), shown,
            html(_now(value, scenario)), kind]  # fmt: skip


def _now(value: LawValue, scenario: ScenarioModel) -> str:
    """The value that holds in the scenario's first year."""
    item = next((item for item in scenario.items if item.key == value.item), None)
    if item is None:
        return "–"
    name, _, tier = value.term.partition(".")
    now = getattr(item.modes[scenario.years[0]], name, None)
    now = now.get(tier) if tier and now is not None else now
    if now is None:
        return "–"
    return f"{100 * now:.10g}%" if value.unit == "rate" else f"{now:.10g}{value.unit}"


# --- what it does in this scenario ------------------------------------------------------------------------------------


def _caps(provision: Provision, result: RunResult, say: PictureTranslator) -> str:
    """The caps it sets, how often each cuts and what, over the years in force."""
    rows = [row for row in rows_of(result.caps()) if row.article == provision.article]
    together: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in rows:
        together.setdefault((row.item, row.cap), []).append((row.probability_binding, row.mean_cut_wan))
    if not together:
        return ""
    lines = []
    for (key, cap), parts in together.items():
        often, cut = (sum(part[n] for part in parts) / len(parts) for n in (0, 1))
        lines.append([html(_cap_name(result.scenario, key, cap, say)), percent(often), wan(cut)])
    heads = [
        label("cap", say, "columns"),
        say("每年起作用概率", "P(binding) a year"),
        say("每年核减（万元）", "cut a year (万元)"),
    ]
    return _heading("本条所设上限在当前设置下的作用", "Its caps under the current settings", say) + table(
        heads, lines, range(1, 3)
    )


def _cap_name(scenario: ScenarioModel, key: str, cap: str, say: PictureTranslator) -> str:
    item = next((item for item in scenario.items if item.key == key), None)
    if item is None:  # an envelope
        category = cap.removeprefix("envelope:")
        return (
            f"{label('envelope', say, 'money')} · {scenario.categories.get(category, label('total', say, 'columns'))}"
        )
    found = next(c for caps in item.caps.values() for c in caps if c.key == cap)
    return f"{say(item.title, item.title_en or item.key)} · {cap_title(found, say.language)}"


def _readings(provision: Provision, law: Measure, result: RunResult, say: PictureTranslator) -> str:
    """Each phrase that can be read in several ways: its choices, the one that holds, whether it decides anything."""
    idle = idle_readings(result, say.language)
    parts = []
    for reading in readings_of(provision, law):
        chosen = result.scenario.readings[reading.name]
        choices = [
            f"<b>{html(say(c.title, c.title_en))}</b>{say('（现用）', ' (now)')}" if c.key == chosen
            else html(say(c.title, c.title_en))
            for c in reading.choices
        ]  # fmt: skip
        why = idle.get(reading.name)
        note = say(f"。怎样取都不影响本次测算结果：{why}", f". Decides nothing here: {why}") if why else ""
        joined = say("；", "; ").join(choices)
        parts.append(f"<li>{html(say(reading.title, reading.title_en))}{say('：', ': ')}{joined}{html(note)}</li>")
    if not parts:
        return ""
    return (
        _heading("可有几种口径的词句", "Phrases that can be read in several ways", say) + f"<ul>{''.join(parts)}</ul>"
    )


def _touches(provision: Provision, law: Measure, scenario: ScenarioModel, say: PictureTranslator) -> str:
    """What of the program it touches, by kind."""
    found: dict[str, list[str]] = {}
    for kind, name in _named(provision, law, scenario, say):
        found.setdefault(kind, []).append(name)
    if not found:
        return f'<p class="about">{say("属组织要求，不影响测算。", "Organisational: it changes no number.")}</p>'
    lines = "".join(
        f"<li>{_kind_title(kind, say)}{say('：', ': ')}{html(say('、', ', ').join(dict.fromkeys(names)))}</li>"
        for kind, names in found.items()
    )
    return _heading("涉及", "What it touches", say) + f"<ul>{lines}</ul>"


def _kind_title(kind: str, say: PictureTranslator) -> str:
    if kind in KINDS:
        return say(*KINDS[kind])
    return label(kind, say, "parameters" if kind == "mode" else "columns")


def _named(
    provision: Provision, law: Measure, scenario: ScenarioModel, say: PictureTranslator
) -> Iterator[tuple[str, str]]:
    for touch in provision.touches:
        kind, _, key = touch.partition(":")
        if kind == "mode" and key in law.modes:
            yield "mode", say(law.modes[key].title, law.modes[key].title_en)
        elif kind == "category" and key in law.categories:
            yield "category", say(law.categories[key].title, law.categories[key].title_en)
        elif kind in ("step", "scenario", "command"):
            if kind == "scenario" or key == "opening":
                yield kind, label(key, say, "parts")
            else:
                yield kind, say(*{"step": STEPS, "command": COMMANDS}[kind][key])
        elif not key and touch in law.items:
            yield "item", say(law.items[touch].title, law.items[touch].title_en)
    for item in items_of(provision, scenario):
        yield "item", say(item.title, item.title_en or item.key)


def _heading(chinese: str, english: str, say: PictureTranslator) -> str:
    return f"<p><b>{say(chinese, english)}</b></p>"
