-- Dead letters that can be counted by code, replayed once their cause is gone, and are kept once.

ALTER TABLE rejected_message
  ADD COLUMN reason_code    text,
  -- NULL while the message waits; set when a replay has stored all of it.
  ADD COLUMN replayed_at    timestamptz,
  -- SHA-256 of topic, a zero byte and payload.
  ADD COLUMN content_sha256 bytea;

-- The sentences of that time told the cases apart.
UPDATE rejected_message SET reason_code = CASE
  WHEN reason LIKE 'The topic is %' THEN 'topic-malformed'
  WHEN reason LIKE 'The topic''s kind is %' THEN 'kind-unknown'
  WHEN reason LIKE 'The payload has % so many of it are kept.' THEN 'payload-too-large'
  WHEN reason LIKE 'The payload is empty%' OR reason LIKE 'The payload is an empty array%' THEN 'payload-empty'
  WHEN reason LIKE 'The payload is not JSON%' THEN 'payload-not-json'
  WHEN reason LIKE 'The sensor % is not registered%' THEN 'sensor-unknown'
  WHEN reason LIKE 'The sensor % is registered as %' THEN 'sensor-elsewhere'
  WHEN reason LIKE 'The database refuses it%' THEN 'database-refused'
  WHEN reason LIKE '%must be at most 5 minutes after%' THEN 'time-in-future'
  WHEN reason LIKE '%must not be before 2000%' THEN 'time-too-old'
  WHEN reason LIKE '%the reading has no quantity%' OR reason LIKE 'The reading has no quantity%' THEN 'reading-empty'
  WHEN reason ~ ' is -?[0-9][0-9.e+-]*, but must be a number from ' THEN 'quantity-implausible'
  ELSE 'reading-malformed'
END;

UPDATE rejected_message SET content_sha256 = sha256(convert_to(topic, 'UTF8') || '\x00'::bytea || payload);

-- Copies of one message, kept before there was the index below; the first of them stays.
DELETE FROM rejected_message copy USING rejected_message first
 WHERE copy.content_sha256 = first.content_sha256 AND copy.rejected_message_id > first.rejected_message_id;

ALTER TABLE rejected_message
  ALTER COLUMN reason_code SET NOT NULL,
  ALTER COLUMN content_sha256 SET NOT NULL;

CREATE INDEX rejected_message_reason ON rejected_message (reason_code, rejected_message_id);

-- Rows come in the order of time, so ranges of blocks find what is old, and cost a flood next to nothing.
DROP INDEX rejected_message_received;
CREATE INDEX rejected_message_received ON rejected_message USING brin (received_at);

-- A message that the broker sends again, since we died between commit and acknowledgement, has the same topic and
-- the same bytes, and so has the poison of a device that repeats itself: either is kept once while it waits. No
-- window of time: the broker may hold a message for days, and a copy tells a person nothing that the first does
-- not; how often it came is counted in spanwatch_messages_rejected_total. One hash over both, since a topic may be
-- longer than an index entry.
CREATE UNIQUE INDEX rejected_message_once ON rejected_message (content_sha256) WHERE replayed_at IS NULL;
