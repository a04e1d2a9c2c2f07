"""The function that reads and writes workbooks: the one that knows their format, with a package and a role of its own."""
