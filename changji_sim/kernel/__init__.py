"""The kernel: named random streams, claims, caps, the year, the ledger. It knows no item and no mode by name."""
