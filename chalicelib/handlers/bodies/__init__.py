"""What the routes take: request bodies and queries by noun, checked field by field before anything is looked at."""
