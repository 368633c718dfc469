"""A leaders' brief (汇报): one page about a year's budget, as Word and PDF."""
