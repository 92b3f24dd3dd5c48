-- What a labeller said before its calibration, in the form of candidates; none: the candidates are it.
ALTER TABLE predictions ADD COLUMN raw BLOB;

-- Encoders whose vectors are kept.
CREATE TABLE encoders (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    dimensions INTEGER NOT NULL
);

-- Vectors of items' texts, of unit length: half-precision floats, little-endian.
CREATE TABLE vectors (
    encoder INTEGER NOT NULL REFERENCES encoders (id),
    item INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (encoder, item)
) WITHOUT ROWID;
CREATE INDEX vectors_item ON vectors (item);

-- Classifiers as they were trained, the latest of a model last; head is JSON.
CREATE TABLE classifiers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    head TEXT NOT NULL,
    report TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX classifiers_model ON classifiers (model, id);

-- Calibrations of labellers, the latest of a model last; calibration and report are JSON.
CREATE TABLE calibrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    calibration TEXT NOT NULL,
    report TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX calibrations_model ON calibrations (model, id);

-- Comparisons of two labellers; one without a report is still under way.
CREATE TABLE comparisons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL UNIQUE REFERENCES jobs (id),
    report TEXT,
    at INTEGER NOT NULL
);

-- The sample of a comparison and what each side said; -1: it could not answer.
CREATE TABLE compared (
    comparison INTEGER NOT NULL REFERENCES comparisons (id),
    item INTEGER NOT NULL,
    truth INTEGER,
    decided INTEGER NOT NULL,
    first INTEGER,
    first_confidence REAL,
    second INTEGER,
    second_confidence REAL,
    PRIMARY KEY (comparison, item)
) WITHOUT ROWID;
