"""The catalogue in: feeds read, checked, embedded and stored.

From Python: `ingest.feed.find_feed`, `ingest.pipeline.run`, `ingest.demo_fill.fill_demo_if_empty`,
`ingest.reembed.reembed`. Nothing is imported here: the processes that draw the demo items need none of it.
"""
