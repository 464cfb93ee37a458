"""What is done in 网上党支部: keyword-only, atomic, complete."""
