"""Programme 阵地与联系: venues, contact points of leaders, joint committees."""
