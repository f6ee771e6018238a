-- The best labels that match an expression (?1), at most some (?2), each with its rank and its folded words.
SELECT label.iri, label.name, label.kind, label.rank, near.name
FROM (SELECT rowid, name FROM folded WHERE folded MATCH ?1 ORDER BY rowid LIMIT ?2) AS near
JOIN label ON label.rowid = near.rowid
