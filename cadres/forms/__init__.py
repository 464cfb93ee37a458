"""Input of 干部工作."""
