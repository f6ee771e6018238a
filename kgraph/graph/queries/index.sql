-- The index of names: labels, their words and runs of three letters without diacritics, and how common each run is.
CREATE TABLE label (iri TEXT, name TEXT, kind TEXT, rank INTEGER);
CREATE INDEX label_of ON label (iri);
CREATE VIRTUAL TABLE folded USING fts5(name, prefix='1 2 3');
CREATE VIRTUAL TABLE trigrams USING fts5(name, tokenize='trigram');
CREATE TABLE frequency (run TEXT PRIMARY KEY, names INTEGER);
