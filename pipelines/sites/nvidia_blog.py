"""NVIDIA's blogs in every language, on WordPress. Does no input or output."""

from pipelines.sites import PageClass

PAGE_CLASSES = (
    PageClass(
        name="nvidia-blog",
        headline="entry-title",
        day="entry-meta",
        author="author",
        text="entry-content",
        # The reading-time plug-in's mark, share buttons, tag lists.
        remove=("bsf_rt_marker", "sharedaddy", "addtoany_share_save_container", "post-tags", "entry-tags"),
        until=None,  # seen in 2026; not known to have ended
    ),
)
