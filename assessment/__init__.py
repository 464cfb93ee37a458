"""Floor 5: gathers scores, ranks, publishes."""
