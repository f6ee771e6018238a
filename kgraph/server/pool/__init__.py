"""The processes that answer queries: one holds the store and forks workers that may be killed, in turns and lanes.

Nothing is imported here, so that the process that forks stays small and has one thread.
"""
