"""What people type in 后进整顿, turned into plain data; rules about it stand in the services."""
