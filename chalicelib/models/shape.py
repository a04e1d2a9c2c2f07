"""The generation of the records in the tables (ADR 21)."""

# Raised by a release whose records the release before cannot read, or would spoil when it writes them again; then nobody goes
# back from it. tests/contract/test_record_shapes.py says when.
SHAPE = 1
# What may say who is paged and was not read by releases before: once it is used, nobody goes back to a release that does not name it.
KNOWS = ("duty",)
