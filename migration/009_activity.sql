-- What contacts did. Only ever added to.
CREATE TABLE activity (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  kind text NOT NULL,
  source bytea,
  detail text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX activity_contact ON activity (account_id, contact_id, id);

-- Followers of all accounts read on from where they are.
CREATE INDEX event_id ON event (id);
