"""The planner's year (年度): closing a year into the opening ledger of the next."""
