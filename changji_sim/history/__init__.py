"""Past years (往年): assumptions fitted to last years' registers, and forecasts scored by what came."""
