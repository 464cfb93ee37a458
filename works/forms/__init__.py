"""What secretaries and staff type in 作用发挥."""
