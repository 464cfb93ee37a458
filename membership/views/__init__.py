"""The pages of 发展党员 and 组织关系转接."""
