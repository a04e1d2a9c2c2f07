"""Reports over what has ended."""
