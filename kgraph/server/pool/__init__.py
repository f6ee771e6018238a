"""Query processes: a fork server holds the store; its workers evaluate queries and can be killed.

Nothing is imported here, so that the fork server stays small and single-threaded.
"""
