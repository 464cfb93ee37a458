"""What people type about 换届."""
