"""Rosters as files: a month sheet read from the cells of a spreadsheet as an agency keeps it, and handed out in the same form."""
