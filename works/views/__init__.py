"""The pages of 作用发挥."""
