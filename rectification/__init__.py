"""Programme 后进社区整顿 432."""
