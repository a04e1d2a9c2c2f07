"""AWS on this machine for tests/deploy: MiniStack, what it lacks, and an edge in CloudFront's place."""
