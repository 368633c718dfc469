"""What a change does: runs after changes, the price of readings and reforms, differences and side effects."""
