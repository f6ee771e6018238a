"""Who is tied to whom: the network, its layout, groups and measures, by day and by year."""
