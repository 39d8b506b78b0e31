/**
 * The tables, as numbered migrations: entry n takes a file from version n to n + 1 (`PRAGMA user_version`). An entry that
 * was released never changes; a change is a new entry.
 *
 * Foreign keys are off on purpose: a cascade over a million events would hold the event loop for seconds. Writers look
 * for the parent first, and a workflow's rows are removed in slices (`departed` remembers whose).
 *
 * `runs` has no rowid: its rows are small and always found by id. Events, steps and attempts are large and have one,
 * because a large row in a WITHOUT ROWID table makes every comparison on the way down read more pages.
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

  -- kind: 0 production, 1 test. runless: no production run was ever made of it.
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workflow_id TEXT NOT NULL, kind INTEGER NOT NULL,
    runless INTEGER NOT NULL, duplicates INTEGER NOT NULL DEFAULT 0, received_at INTEGER NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, ip TEXT NOT NULL, type TEXT, verified INTEGER NOT NULL, dedupe_key TEXT, dedupe_until INTEGER,
    body_bytes INTEGER NOT NULL, answer TEXT, headers TEXT NOT NULL
  ) STRICT;
  -- A list of a workflow's events, any filter, without reading a row that is not shown.
  CREATE INDEX events_by_workflow ON events (workflow_id, id, kind, type);
  -- Who holds a dedupe key: the one whose window ends last.
  CREATE INDEX events_by_dedupe_key ON events (workflow_id, dedupe_key, dedupe_until) WHERE dedupe_key IS NOT NULL;
  -- Nothing but a count, eight bytes an event: counting by any other index reads eight times as much.
  CREATE INDEX events_by_kind ON events (kind);
  -- The three that a list or a balance asks for and that few events are: they cost nothing while nobody is in them.
  CREATE INDEX events_test ON events (id) WHERE kind = 1;
  CREATE INDEX events_repeated ON events (duplicates) WHERE kind = 0 AND duplicates > 0;
  CREATE INDEX events_runless ON events (seq) WHERE kind = 0 AND runless = 1;
  -- Apart from their events, so that no list reads past a megabyte that it does not show.
  CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

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

  -- output_kind: 0 none, 1 value, 2 the same as its input. state: 0 succeeded, 1 failed, 2 waiting.
  CREATE TABLE steps (
    seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, id TEXT NOT NULL, node_id TEXT NOT NULL, state INTEGER NOT NULL,
    port TEXT, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, resume_at INTEGER, output_kind INTEGER NOT NULL,
    error TEXT, logs TEXT, output TEXT, UNIQUE (run_id, id)
  ) STRICT;
  CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY, run_id TEXT NOT NULL, step_id TEXT NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attempts_by_run ON attempts (run_id);

  CREATE TABLE secrets (name TEXT PRIMARY KEY NOT NULL, sealed BLOB NOT NULL, updated_at INTEGER NOT NULL) STRICT;
  CREATE TABLE workers (id TEXT PRIMARY KEY NOT NULL, beat INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE settings (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
  `,
]
