"""Programme 干部教育管理监督."""
