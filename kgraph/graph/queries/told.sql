-- The best relations that match an expression (?1), each with its folded words.
SELECT near.name, relation.subject, relation.predicate, relation.object
FROM (SELECT rowid, name FROM told WHERE told MATCH ?1 ORDER BY rowid LIMIT 100) AS near
JOIN relation ON relation.rowid = near.rowid
