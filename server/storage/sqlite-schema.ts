/**
 * The tables, as numbered migrations: entry n takes a file from version n to n + 1 (`PRAGMA user_version`). An entry that
 * was released never changes; a change is a new entry.
 *
 * Foreign keys are off on purpose: a cascade over a million events would hold all others up for seconds. Writers look
 * for the parent first, and a workflow's rows are removed in slices (`departed` remembers whose).
 *
 * `runs` has no rowid: its rows are small and always found by id. Events and the journal are large and have one: what is
 * new is appended, and no comparison on the way down reads a large row.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE workflows (
    id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE, token_hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
    enabled INTEGER NOT NULL, token TEXT NOT NULL, revision INTEGER NOT NULL, version INTEGER,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, draft TEXT NOT NULL
  ) STRICT;
  CREATE TABLE versions (
    workflow_id TEXT NOT NULL, number INTEGER NOT NULL, note TEXT NOT NULL, created_at INTEGER NOT NULL,
    graph TEXT NOT NULL, UNIQUE (workflow_id, number)
  ) STRICT;
  -- Workflows that are deleted, but whose rows are not all gone yet.
  CREATE TABLE departed (workflow_id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;

  -- What arrived, which never changes; what happens to it later stands in tables of its own. kind: 0 production, 1 test.
  -- The body comes last and flows over into pages that no list reads.
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow_id TEXT NOT NULL, kind INTEGER NOT NULL, type TEXT,
    received_at INTEGER NOT NULL, verified INTEGER NOT NULL, dedupe_hash INTEGER, dedupe_key TEXT, dedupe_until INTEGER,
    method TEXT NOT NULL, path TEXT NOT NULL, ip TEXT NOT NULL, headers TEXT NOT NULL, body_bytes INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  -- A list of a workflow's events, any filter, without reading a row that is not shown.
  CREATE INDEX events_by_workflow ON events (workflow_id, id, kind, type);
  -- Who holds a dedupe key. Its entries lie in no order of time, so nearly each costs a commit a page of its own, half of
  -- what storing an event takes: a hash of six bytes keeps these pages few, and so in memory.
  CREATE INDEX events_by_dedupe_hash ON events (dedupe_hash) WHERE dedupe_hash IS NOT NULL;
  CREATE INDEX events_test ON events (id) WHERE kind = 1;
  -- How often an event came again.
  CREATE TABLE repeats (
    event_id TEXT PRIMARY KEY NOT NULL, kind INTEGER NOT NULL, count INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- What the first caller was answered, where that is not the default.
  CREATE TABLE answers (event_id TEXT PRIMARY KEY NOT NULL, answer TEXT NOT NULL) STRICT;
  -- Production events that no production run was ever made of.
  CREATE TABLE runless (event_id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;

  -- Events of a rush that are not filed yet: those of one commit in a row, as the door handed them over (v8.serialize).
  CREATE TABLE intake (seq INTEGER PRIMARY KEY, calls BLOB NOT NULL) STRICT;

  CREATE TABLE rejections (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow_id TEXT NOT NULL, at INTEGER NOT NULL,
    status INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    ip TEXT NOT NULL, body_bytes INTEGER NOT NULL, accepted_as TEXT, headers TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rejections_by_workflow ON rejections (workflow_id, id);
  CREATE TABLE rejection_bodies (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  -- Old rejections go, their number stays.
  CREATE TABLE rejected (workflow_id TEXT PRIMARY KEY NOT NULL, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- standing: 0 the newest production run of its event, 1 an older one, 2 a test. state: see sqlite-run-row.ts.
  CREATE TABLE runs (
    id TEXT PRIMARY KEY NOT NULL, event_id TEXT NOT NULL, workflow_id TEXT NOT NULL, standing INTEGER NOT NULL,
    state INTEGER NOT NULL, version INTEGER, created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,
    due_at INTEGER, owner TEXT, fence INTEGER NOT NULL DEFAULT 0, interruptions INTEGER NOT NULL DEFAULT 0,
    cancel_requested INTEGER NOT NULL DEFAULT 0, error TEXT
  ) STRICT, WITHOUT ROWID;
  -- The runs of an event; the one that a replay makes an older one.
  CREATE INDEX runs_by_event ON runs (event_id);
  -- The balance, the unfinished, and lists by state: each (standing, state) is a list by id.
  CREATE INDEX runs_by_state ON runs (standing, state);
  -- The same within a workflow; what is held.
  CREATE INDEX runs_by_workflow ON runs (workflow_id, standing, state);
  CREATE TABLE run_graphs (run_id TEXT PRIMARY KEY NOT NULL, graph TEXT NOT NULL) STRICT;

  -- What workers learnt, one row for each time that they told it (see journal.ts): written once, read together.
  CREATE TABLE journal (seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, entry TEXT NOT NULL) STRICT;
  CREATE INDEX journal_by_run ON journal (run_id);

  CREATE TABLE secrets (name TEXT PRIMARY KEY NOT NULL, sealed BLOB NOT NULL, updated_at INTEGER NOT NULL) STRICT;
  CREATE TABLE workers (id TEXT PRIMARY KEY NOT NULL, beat INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE settings (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
  `,
  `
  -- kind: 0 production, 1 test. bytes: what the row and its body take of what is kept.
  ALTER TABLE rejections ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rejections ADD COLUMN fingerprints TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE rejections ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE rejections ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE rejections SET bytes = length(headers) + length(path) +
    coalesce((SELECT length(body) FROM rejection_bodies WHERE rejection_bodies.seq = rejections.seq), 0);
  -- What is kept of each workflow, so that none has to be counted when one is added.
  ALTER TABLE rejected ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rejected ADD COLUMN kept_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE rejected SET (kept, kept_bytes) = (
    SELECT count(*), coalesce(sum(bytes), 0) FROM rejections WHERE rejections.workflow_id = rejected.workflow_id);
  -- Events that were rejections until somebody accepted them by hand.
  CREATE TABLE by_hand (event_id TEXT PRIMARY KEY NOT NULL, rejection_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Events of which the sender said that it sends them again.
  CREATE TABLE sent_again (event_id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- What is said of the events (JSON); calls has their bodies one after the other. NULL: calls has it all, as before.
  ALTER TABLE intake ADD COLUMN heads TEXT;
  `,
  `
  -- Of how many bytes heads is: calls has it before the bodies, and is compressed (zstd). NULL: as before.
  ALTER TABLE intake ADD COLUMN heads_bytes INTEGER;
  `,
]
