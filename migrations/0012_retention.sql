-- How far each table of readings, or rollup, has been cleared of what is older than it must be kept.

CREATE TABLE retention (
  relation_name  name PRIMARY KEY,
  -- Nothing before this is whole any more: a rollup that was made anew of it would lose what it holds.
  cleared_before timestamptz NOT NULL
);
