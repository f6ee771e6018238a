-- The labels that share runs of three letters (?1), each with its name without diacritics, best first.
SELECT label.iri, label.name, label.kind, label.rank, near.name
FROM (SELECT rowid, name, rank AS fit FROM trigrams WHERE trigrams MATCH ?1 ORDER BY rank LIMIT 100) AS near
JOIN label ON label.rowid = near.rowid
ORDER BY near.fit, label.rank, label.iri
