"""Puts a stage on AWS, takes it back to the release before, and takes it away: `python -m infra.deploy`."""
