"""Programme 网上党支部: the page of a branch, notices with read receipts."""
