"""Floor 1: what at least two others need."""
