"""Programme 党员发展与转接: admission in 25 steps, transfers of membership."""
