"""What an article is about, who and where, and how much: topics, names and figures. Does no input or output."""
