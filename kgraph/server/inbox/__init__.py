"""The inbox of curators: queues of things to decide, and what is written into the data folder."""
