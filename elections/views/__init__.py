"""The pages of 换届."""
