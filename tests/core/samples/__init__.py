"""Files as strangers send them, made by code: none of them is kept in the repository."""
