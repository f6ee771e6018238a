-- The best passages that match an expression (?1), each with its folded words.
SELECT near.name, passage.source, passage.words, passage.start, passage.end, passage.subject, passage.predicate, passage.object
FROM (SELECT rowid, name FROM quoted WHERE quoted MATCH ?1 ORDER BY rowid LIMIT 100) AS near
JOIN passage ON passage.rowid = near.rowid
