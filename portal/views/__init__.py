"""Pages of 网上党支部."""
