"""Programme 后进社区整顿: the “432” work on weak branches."""
