"""Pages of the administration's host outside any tenant."""
