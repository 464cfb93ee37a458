"""Programme 党建品牌 4+4."""
