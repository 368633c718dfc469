"""What every room may use: faults, messages in two languages, files, units, checks of single values."""
