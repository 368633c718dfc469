"""The planner's year (年度): given what is known of it so far, and closed into the opening ledger of the next."""
