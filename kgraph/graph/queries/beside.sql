-- The IRIs before and after one (?1) in the alphabet, which are those that begin as it does.
SELECT iri FROM (SELECT DISTINCT iri FROM label WHERE iri < ?1 ORDER BY iri DESC LIMIT 20)
UNION ALL SELECT iri FROM (SELECT DISTINCT iri FROM label WHERE iri > ?1 ORDER BY iri LIMIT 20)
