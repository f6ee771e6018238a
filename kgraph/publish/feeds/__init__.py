"""What changed from release to release: an event stream for programs, Atom for people."""
