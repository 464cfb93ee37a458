"""Programme 两新组织星级创评."""
