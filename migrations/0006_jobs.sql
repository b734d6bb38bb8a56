-- Jobs that will never succeed, with their cause; the queue itself lives in its own schema.

CREATE TABLE buried_job (
  buried_job_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue         text NOT NULL,
  data          jsonb NOT NULL,
  cause         text NOT NULL,
  attempts      integer NOT NULL,
  buried_at     timestamptz NOT NULL DEFAULT now()
);
