"""The pages of 党费与经费."""
