"""The pages of 后进整顿."""
