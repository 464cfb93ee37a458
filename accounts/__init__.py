"""Floor 2: users and the door; knows no tree."""
