-- The number of labels that match an expression (?1), counted up to some (?2).
SELECT count(*) FROM (SELECT 1 FROM folded WHERE folded MATCH ?1 LIMIT ?2)
