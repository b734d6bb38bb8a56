-- What each ingest process says of its session at the broker: told at every change, and every half minute in between.

CREATE TABLE ingest_session (
  -- Its name at the broker, the same after a restart.
  client_id       text PRIMARY KEY,
  -- Host and port, without user and password.
  broker          text NOT NULL,
  share_group     text,
  state           text NOT NULL CHECK (state IN ('listening', 'disconnected', 'stopped')),
  changed_at      timestamptz NOT NULL,
  -- A process that has died says nothing any more: what is older than a few minutes and not stopped is dead.
  told_at         timestamptz NOT NULL,
  -- Taken from the broker, and not yet committed.
  unacknowledged_messages integer NOT NULL,
  -- How often the broker had forgotten a session that we expected it to keep, and when it last had: what was published
  -- meanwhile is lost.
  losses          integer NOT NULL DEFAULT 0,
  lost_at         timestamptz
);

SELECT admit_dashboard_reader();
