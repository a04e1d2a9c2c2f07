"""The version that health, pages and the interface's description name; `CHANGELOG.md` says what each brought."""

VERSION = "0.6.0"
