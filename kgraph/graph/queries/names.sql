-- The names of some things (?1, a JSON array of IRIs).
SELECT DISTINCT iri, name FROM label WHERE iri IN (SELECT value FROM json_each(?1)) ORDER BY rowid
