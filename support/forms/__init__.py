"""What staff, secretaries and leaders type in 阵地与联系."""
