"""Programme 三会一课."""
