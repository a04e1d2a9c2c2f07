"""Duty: who is on duty, and the month sheets that say so."""
