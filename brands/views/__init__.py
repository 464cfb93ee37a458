"""Pages of 党建品牌."""
