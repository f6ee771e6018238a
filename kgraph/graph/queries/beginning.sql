-- The labels with words that begin as given (?1), best first; before them those that are the text itself (?2).
SELECT label.iri, label.name, label.kind
FROM (SELECT rowid, name, rank AS fit FROM folded WHERE folded MATCH ?1 ORDER BY rank LIMIT 500) AS near
JOIN label ON label.rowid = near.rowid
ORDER BY near.name = ?2 DESC, label.rank, near.fit, length(label.name), label.iri
