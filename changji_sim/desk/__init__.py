"""The desk (看板): every number of a scenario with a control, in a browser or in a notebook cell.

>>> import changji_sim as cs
>>> cs.load_scenario("baseline").desk()     # doctest: +SKIP
"""
