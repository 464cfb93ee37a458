"""What people type in 党费与经费, turned into plain data; rules about it stand in the services."""
