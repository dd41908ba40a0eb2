"""The newsroom, nvidianews.nvidia.com, on iPressroom. Does no input or output."""

from pipelines.sites import PageClass

PAGE_CLASSES = (
    PageClass(
        name="nvidia-newsroom",
        headline="article-title",
        day="article-date",
        text="article-body",
        until=None,  # seen in 2025; not known to have ended
    ),
)
