"""Scenarios (情景), reforms (修订) and example files that ship; `changji_sim.base.files.SCENARIOS` is this folder."""
