"""What the desk knows without any widget: settings, scenarios, results, sessions, work in the background."""
