// SPDX-License-Identifier: GPL-3.0-or-later
// SQL of the project's schema.
#include "core/project/project_schema.h"

namespace preflab {
namespace {

// Numbers of runs are never used again, because their folders may outlive them (AUTOINCREMENT). A step's metrics are
// one packed row: all series of 100,000 steps read in 66 ms, where one series of narrow rows takes 146 ms.
// `position` is the index in the run's log.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE runs (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    created    TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    reason     TEXT    NOT NULL DEFAULT '',
    steps      INTEGER NOT NULL DEFAULT 0,
    spec       TEXT    NOT NULL,
    data_hash  TEXT    NOT NULL DEFAULT '',
    model_hash TEXT    NOT NULL DEFAULT ''
);
CREATE TABLE metric_names (
    run      INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    PRIMARY KEY (run, position)
) WITHOUT ROWID;
CREATE TABLE metrics (
    run      INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    step     INTEGER NOT NULL,
    seconds  REAL    NOT NULL,
    packed   BLOB    NOT NULL,
    PRIMARY KEY (run, position)
) WITHOUT ROWID;
CREATE TABLE events (
    run      INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    time     TEXT    NOT NULL,
    step     INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    PRIMARY KEY (run, position)
) WITHOUT ROWID;
)sql";

// Runs have the user's words, may be taken out of lists without losing anything, and know the edits they trained on. The
// journal holds edits and labels of datasets, which its records name by content hash; it is only ever appended to.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE runs ADD COLUMN note             TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN deleted          INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN journal_position INTEGER NOT NULL DEFAULT 0;
CREATE TABLE journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    source   TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    time     TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    of       INTEGER NOT NULL DEFAULT 0,
    changes  TEXT    NOT NULL,
    UNIQUE (source, number)
);
)sql";

// Held-out pairs of their own are named as the training data is, so that a comparison sees when they differ.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE runs ADD COLUMN held_out_hash     TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN held_out_position INTEGER NOT NULL DEFAULT 0;
)sql";

// Changes of many rows may be more than one value can hold. What is more lies in further lists, numbered from 1.
constexpr const char* kVersion4 = R"sql(
ALTER TABLE journal ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
CREATE TABLE journal_parts (
    position INTEGER NOT NULL REFERENCES journal(position),
    part     INTEGER NOT NULL,
    changes  TEXT    NOT NULL,
    PRIMARY KEY (position, part)
);
)sql";

// The journal knows rows by what they are (core/data/rows/row_identity.h), in datasets that are found again by path,
// content or a sample of their records. Records made before name a row by its number in a file of that content hash; they
// wait in old_journal until that file is opened (core/data/journal/old_journal.h). Positions go on where they were.
constexpr const char* kVersion5 = R"sql(
ALTER TABLE journal       RENAME TO old_journal;
ALTER TABLE journal_parts RENAME TO old_journal_parts;
CREATE TABLE datasets (
    number INTEGER PRIMARY KEY AUTOINCREMENT
);
CREATE TABLE dataset_paths (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    path    TEXT    NOT NULL UNIQUE,
    dataset INTEGER NOT NULL REFERENCES datasets(number)
);
CREATE TABLE dataset_versions (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset INTEGER NOT NULL REFERENCES datasets(number),
    content TEXT    NOT NULL,
    sample  BLOB    NOT NULL,
    UNIQUE (dataset, content)
);
CREATE TABLE journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset  INTEGER NOT NULL REFERENCES datasets(number),
    number   INTEGER NOT NULL,
    time     TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    of       INTEGER NOT NULL DEFAULT 0,
    changes  TEXT    NOT NULL,
    parts    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (dataset, number)
);
CREATE TABLE journal_parts (
    position INTEGER NOT NULL REFERENCES journal(position),
    part     INTEGER NOT NULL,
    changes  TEXT    NOT NULL,
    PRIMARY KEY (position, part)
);
INSERT INTO sqlite_sequence (name, seq) SELECT 'journal', seq FROM sqlite_sequence WHERE name = 'old_journal';
)sql";

// Which columns of a dataset's file are the prompt, the answers: JSON of core/data/rows/column_mapping.h, empty where they
// are called so. Changes may name a part of a record, which older programs do not look at: they must not open this.
constexpr const char* kVersion6 = R"sql(
ALTER TABLE datasets ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace

const std::vector<Migration>& projectMigrations()
{
    static const std::vector<Migration> migrations{{1, kVersion1}, {2, kVersion2}, {3, kVersion3},
                                                   {4, kVersion4}, {5, kVersion5}, {6, kVersion6}};
    return migrations;
}

}  // namespace preflab
