"""Pages of 三会一课, a module per desk."""
