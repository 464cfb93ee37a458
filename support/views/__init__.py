"""The pages of 阵地与联系."""
