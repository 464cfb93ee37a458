"""Programme 党费与经费: monthly dues, allotments, budgets."""
