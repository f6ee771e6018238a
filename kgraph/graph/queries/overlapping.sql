-- The labels with any of some words (?1), those with the most and the rarest words first, at most some (?2).
SELECT label.iri, label.name, label.kind, label.rank
FROM (SELECT rowid, rank AS fit FROM folded WHERE folded MATCH ?1 ORDER BY rank LIMIT ?2) AS near
JOIN label ON label.rowid = near.rowid
ORDER BY near.fit, label.rank, label.iri
