"""An independent reader and writer of lic2 documents, made from docs/FORMAT.md alone.

It shares no code with lic2. It is slow and simple on purpose: it exists to be compared with the library.
"""
