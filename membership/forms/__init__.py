"""What people type into 发展党员 and 转接."""
