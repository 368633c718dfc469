"""What a run gives: the budget, tables of it, shortfalls, caps, comparisons, calendars of limits."""
