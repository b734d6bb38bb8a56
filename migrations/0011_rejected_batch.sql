-- Where a flood of messages that can never be stored is put by, a row a batch, until there is time to read them again
-- and say why: in rejected_message each costs a hash, four indexes and a sentence, here little more than its bytes.

CREATE TABLE rejected_batch (
  rejected_batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Topic, payload and time of arrival of each, in the form of src/platform/storage/pack-messages.ts.
  messages          bytea NOT NULL
);

-- It is read once and deleted: to compress it would cost more than to write it.
ALTER TABLE rejected_batch ALTER COLUMN messages SET STORAGE EXTERNAL;
