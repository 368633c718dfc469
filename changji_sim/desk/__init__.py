"""The desk (看板): a scenario with every number under the hand, in a browser or in a notebook cell.

>>> import changji_sim as cs
>>> cs.load_scenario("baseline").desk()     # doctest: +SKIP
"""
