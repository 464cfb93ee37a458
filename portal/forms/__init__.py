"""What is typed in 网上党支部."""
