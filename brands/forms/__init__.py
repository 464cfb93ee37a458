"""What people type about brands."""
