"""Rules of 干部工作: pure functions; days, numbers and calendars come in."""
