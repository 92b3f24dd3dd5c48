-- Whether a prediction says that its item belongs to no domain; of the earlier ones it is known where they are an item's latest.
ALTER TABLE predictions ADD COLUMN no_domain INTEGER NOT NULL DEFAULT 0;
UPDATE predictions SET no_domain = 1 WHERE id IN (
    SELECT s.prediction FROM states s JOIN review r ON r.item = s.item
    WHERE r.reason = 3 AND r.queued AND s.prediction IS NOT NULL
);

-- What labellers said beside predictions: of decided items, for a calibration or as members of an ensemble. Before any
-- calibration, in the form of candidates.
CREATE TABLE asked (
    item INTEGER NOT NULL REFERENCES items (id),
    labeller INTEGER NOT NULL REFERENCES labellers (id),
    candidates BLOB NOT NULL,
    no_domain INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (item, labeller)
) WITHOUT ROWID;
