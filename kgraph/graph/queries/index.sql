-- The index of names, passages and relations. The columns `name` hold folded words, `stems` their stems and years.
-- Rows are numbered best first, so that the first rows that match are the best.
CREATE TABLE label (iri TEXT, name TEXT, kind TEXT, rank INTEGER);
CREATE VIRTUAL TABLE folded USING fts5(name, stems, prefix='1 2 3');
CREATE VIRTUAL TABLE trigrams USING fts5(name, tokenize='trigram');
CREATE TABLE frequency (run TEXT PRIMARY KEY, names INTEGER);
CREATE TABLE passage (source TEXT, words TEXT, start INTEGER, end INTEGER, subject TEXT, predicate TEXT, object TEXT);
CREATE INDEX passage_of ON passage (source);
CREATE VIRTUAL TABLE quoted USING fts5(name, stems, prefix='2 3');
CREATE TABLE relation (subject TEXT, predicate TEXT, object TEXT);
CREATE INDEX relation_of ON relation (subject);
CREATE INDEX relation_to ON relation (object);
CREATE VIRTUAL TABLE told USING fts5(name, stems, prefix='2 3');
