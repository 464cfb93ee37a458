"""Programme 作用发挥: pledges, model posts, members in communities, projects."""
