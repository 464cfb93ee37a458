"""The sample district's 三会一课, a module for each matter."""
