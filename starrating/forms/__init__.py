"""The forms of 两新星级."""
