"""The pages of 两新星级."""
