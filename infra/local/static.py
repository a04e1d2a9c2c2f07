"""Serves the built site's files as CloudFront will: right types, revalidation, nothing outside their folder."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote_to_bytes

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer before it is written out."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class StaticFiles:
    """The files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def answer(self, raw_path: str, if_none_match: str = "") -> Answer | None:
        """Return the file at a percent-encoded path; None for whatever is not a plain file of a known type."""
        try:
            path = unquote_to_bytes(raw_path).decode()
        except UnicodeDecodeError:
            return None
        if path.endswith("/"):
            path += "index.html" if path == "/" else ""
        if "\0" in path or "\\" in path or any(part.startswith(".") for part in path.split("/")):
            return None
        kind = TYPES.get(os.path.splitext(path)[1].lower())
        try:
            file = (self._folder / path.lstrip("/")).resolve(strict=True)
            found = file.stat()
        except (OSError, RuntimeError):
            return None
        # resolve() follows links, so a link that leads out of the folder is seen here.
        if kind is None or not file.is_relative_to(self._folder) or not stat.S_ISREG(found.st_mode):
            return None
        etag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        headers = {
            "Content-Type": kind,
            "ETag": etag,
            "Last-Modified": formatdate(found.st_mtime, usegmt=True),
            # The build puts a hash into the names below these two folders.
            "Cache-Control": FOREVER if path.startswith(("/assets/", "/vendor/")) else "no-cache",
        }
        if etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]:
            return Answer(304, headers)
        try:
            return Answer(200, headers, file.read_bytes())
        except OSError:
            return None

    def missing(self, raw_path: str) -> Answer | None:
        """Return the page that says that there is no such page, in the path's language; None where a file was meant that is none."""
        if os.path.splitext(raw_path)[1] not in ("", ".html"):
            return None
        page = self.answer("/en/404.html" if raw_path.startswith("/en/") else "/404.html")
        return Answer(404, page.headers, page.body) if page else None
