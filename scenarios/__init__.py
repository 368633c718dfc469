"""Scenarios (情景), reforms (办法调整方案) and examples; `changji_sim.base.files.SCENARIOS` is this folder."""
