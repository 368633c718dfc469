"""The desk's data, without widgets: settings, scenarios, results, sessions, work in the background."""
