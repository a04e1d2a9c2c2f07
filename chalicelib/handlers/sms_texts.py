"""Texts of SMS: how one that is being written would go out; nothing is saved, nothing is sent."""

from __future__ import annotations

from ..domain.sms_preview import preview
from .answers.sms_texts import TextPreview
from .bodies.sms_texts import TextPreviewBody
from .http import Answers, Api, Context, Takes

api = Api(__name__)
# As long as a code is.
CODE = "Zt7aQm0XvK2bNc4d"


@api.on("POST", "/api/sms-texts/preview", takes=Takes(TextPreviewBody), answers=Answers(TextPreview))
def preview_text(context: Context) -> TextPreview:
    """A text filled with an example: its length, what folding changes, and what is wrong with it."""
    body: TextPreviewBody = context.body
    also = {
        "link": f"{context.world.settings.public_url}/r/{CODE}",
        "regency": context.registry.regency.name,
    }
    return TextPreview.of(preview(body.kind, body.language, body.body, also), body.kind)
