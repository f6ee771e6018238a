"""The processes that answer queries: a fork server holds the store, its workers evaluate and can be killed.

Nothing is imported here, so that the fork server stays small and single-threaded.
"""
