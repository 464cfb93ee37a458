"""Floor 3: the organisations, their people, and who may act where."""
