#!/usr/bin/env bash
# Mesa 3.3.1: a row of batch_run joins the model's value of one step with the
# agents' values of the step before.
#
# The model collects at the end of its step(), as is usual. The model reports its
# year; so does each agent.
#
# Expected: in a row labelled Step 2, the year of the model and of the agent is 2.
# Seen, for batch_run(max_steps=2, data_collection_period=1):
#   Step 0: model year 1, agent year None
#   Step 1: model year 2, agent year 1
#   Step 2: model year 3, agent year 2
# The model's values are looked up by position, the agents' by the number of the
# step. Also, max_steps=2 made three steps.
#
# For a user: a share worked out from a row (an agent's amount over the model's
# total) divides one year by the next, and a year-end figure is that of a year
# more than asked for. Collecting once in __init__ brings the two together.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    Mesa==3.3.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import mesa

print("Mesa", version("Mesa"))


class Unit(mesa.Agent):
    year = 0


class Fund(mesa.Model):
    def __init__(self, seed=None):
        super().__init__(seed=seed)
        self.year = 0
        Unit(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={"model_year": "year"}, agent_reporters={"agent_year": "year"}
        )

    def step(self):
        self.year += 1
        self.agents.set("year", self.year)
        self.datacollector.collect(self)


rows = mesa.batch_run(
    Fund, parameters={}, max_steps=2, data_collection_period=1, display_progress=False
)
seen = [(row["Step"], row["model_year"], row.get("agent_year")) for row in rows]
for row in seen:
    print("Step %s: model year %s, agent year %s" % row)

assert seen == [(0, 1, None), (1, 2, 1), (2, 3, 2)]
PY
