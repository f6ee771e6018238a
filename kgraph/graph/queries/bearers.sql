-- The things that have exactly one of some names (?1, a JSON array), of each name the first thing last.
SELECT name, iri FROM label WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY rank DESC, iri DESC
