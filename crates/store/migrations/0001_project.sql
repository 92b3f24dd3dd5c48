-- What a project is called and how it is set up: JSON by name.
CREATE TABLE project (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Labels that items came with and the ids of domains, each text once.
CREATE TABLE terms (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);

-- Long pieces of work.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    state INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    params TEXT NOT NULL,
    cursor TEXT,
    result TEXT,
    error TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER,
    rate REAL,
    created INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER,
    owner INTEGER,
    beat INTEGER,
    cancel_requested INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_state ON jobs (state, id);

-- Where items come from. first_item and last_item bound its items' numbers, first_drop and last_drop its dropped rows'.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    job INTEGER NOT NULL REFERENCES jobs (id),
    state INTEGER NOT NULL,
    keep_duplicates INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    first_item INTEGER,
    last_item INTEGER,
    first_drop INTEGER,
    last_drop INTEGER,
    report TEXT NOT NULL
);

-- Texts to be labelled; never changed. No foreign keys: looking two parents up for each row would cost an import a fifth of
-- its time, and the import is the only writer.
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    source INTEGER NOT NULL,
    row INTEGER NOT NULL,
    label INTEGER,
    text TEXT NOT NULL,
    ts TEXT,
    user TEXT,
    metadata TEXT
);
CREATE INDEX items_label ON items (label) WHERE label IS NOT NULL;

-- Rows that an import dropped.
CREATE TABLE dropped (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    row INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    excerpt TEXT NOT NULL
);

-- The schema, in the person's order. The rest of a domain is JSON.
CREATE TABLE domains (
    position INTEGER PRIMARY KEY,
    term INTEGER NOT NULL UNIQUE REFERENCES terms (id),
    definition TEXT NOT NULL
);

CREATE TABLE models (
    name TEXT PRIMARY KEY,
    spec TEXT NOT NULL,
    added INTEGER NOT NULL,
    summary TEXT NOT NULL
) WITHOUT ROWID;

-- A model with a version of the prompt.
CREATE TABLE labellers (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    UNIQUE (model, prompt_version)
);

-- What models said; append-only. Candidates: 4 bytes of term and 4 bytes of probability (float) each, little-endian.
CREATE TABLE predictions (
    id INTEGER PRIMARY KEY,
    item INTEGER NOT NULL REFERENCES items (id),
    labeller INTEGER NOT NULL REFERENCES labellers (id),
    domain INTEGER NOT NULL,
    confidence REAL NOT NULL,
    obtained INTEGER NOT NULL,
    candidates BLOB NOT NULL,
    at INTEGER NOT NULL
);
CREATE UNIQUE INDEX predictions_item ON predictions (item, labeller);

-- What people decided; append-only, undo appends too. open is the reviewer's latest decision that is not taken back as of
-- this row, below the one under it: together a stack that undo pops in constant time.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item INTEGER NOT NULL REFERENCES items (id),
    action INTEGER,
    undoes INTEGER UNIQUE REFERENCES decisions (id),
    undone_at INTEGER,
    from_domain INTEGER,
    to_domain INTEGER,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL,
    open INTEGER,
    below INTEGER
);
CREATE INDEX decisions_item ON decisions (item, id);
CREATE INDEX decisions_reviewer ON decisions (reviewer, id);
CREATE INDEX decisions_session ON decisions (reviewer, at) WHERE action IS NOT NULL;
CREATE INDEX decisions_undone ON decisions (reviewer, undone_at) WHERE undone_at IS NOT NULL;

-- Where an item stands; derived. An item without a row is new.
CREATE TABLE states (
    item INTEGER PRIMARY KEY REFERENCES items (id),
    status INTEGER NOT NULL,
    domain INTEGER,
    predicted INTEGER,
    confidence REAL,
    prediction INTEGER,
    agrees INTEGER
);
CREATE INDEX states_status ON states (status, item);
CREATE INDEX states_domain ON states (domain, item) WHERE domain IS NOT NULL;

-- The review queue; derived. queued: a prediction (not only a decision) put it here. Status 6 is beyond the queue's limit.
CREATE TABLE review (
    item INTEGER PRIMARY KEY REFERENCES items (id),
    status INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    confidence REAL NOT NULL,
    queued INTEGER NOT NULL,
    decision INTEGER
);
CREATE INDEX review_queue ON review (priority DESC, confidence, item) WHERE status = 0;
CREATE INDEX review_beyond ON review (priority DESC, confidence, item) WHERE status = 6;
CREATE INDEX review_skipped ON review (decision) WHERE status = 4;
CREATE INDEX review_status ON review (status, item);

-- What a labelling job has still to label.
CREATE TABLE planned (
    job INTEGER NOT NULL REFERENCES jobs (id),
    item INTEGER NOT NULL,
    PRIMARY KEY (job, item)
) WITHOUT ROWID;

-- Servers' answers.
CREATE TABLE answers (
    key BLOB PRIMARY KEY,
    answer TEXT NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX answers_expires ON answers (expires);

-- Written datasets; one without a time is reserved by its job.
CREATE TABLE datasets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL UNIQUE REFERENCES jobs (id),
    written INTEGER,
    folder TEXT,
    settings TEXT,
    split TEXT,
    input_hash TEXT,
    version TEXT
);

-- Which items a dataset holds.
CREATE TABLE dataset_items (
    item INTEGER NOT NULL,
    dataset INTEGER NOT NULL REFERENCES datasets (id),
    PRIMARY KEY (item, dataset)
) WITHOUT ROWID;

-- An index over the version store's manifests.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT NOT NULL UNIQUE,
    summary TEXT NOT NULL
);

-- Counters of what is derived, kept in the transactions that change it.
CREATE TABLE counts (
    kind INTEGER NOT NULL,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (kind, a, b)
) WITHOUT ROWID;
