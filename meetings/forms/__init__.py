"""What people type about 三会一课, turned into plain data: a module for each matter."""
