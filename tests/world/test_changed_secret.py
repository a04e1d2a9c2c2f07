"""What a changed LINK_SECRET breaks and what it does not (docs/operations-aws.md, Rotating keys)."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import bootstrap
from tests.world.harness import Story


def change_secret(story: Story) -> None:
    settings = replace(story.world.settings, link_secret="another secret of the tests, which guards nothing")
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)


def test_a_link_that_was_sent_before_goes_on_working(story: Story) -> None:
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    change_secret(story)
    assert story.phone("citra").opens_link().status == 200
    assert story.phone("citra").taps("acknowledged").status == 200


def test_a_page_that_was_ordered_before_and_sent_after_carries_a_dead_link_and_reaches_its_crew(
    story: Story,
) -> None:
    story.provider.goes_down()
    story.call("childbirth")
    change_secret(story)
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    assert story.phone("citra").opens_link().status == 404
