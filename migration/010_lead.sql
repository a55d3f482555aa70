-- How warm contacts are. A model is never changed: each change is a version of its own, whose number
-- is its key. Version 1 is the program's and stands in no row.
CREATE TABLE lead_model (
  account_id bigint NOT NULL,
  version bigint NOT NULL,
  model text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, version)
);

-- The newest score of each contact; the id is the contact's.
CREATE TABLE lead_score (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  score bigint NOT NULL,
  fit bigint NOT NULL,
  engagement bigint NOT NULL,
  cell text NOT NULL,
  temperature text NOT NULL,
  version bigint NOT NULL,
  scored_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX lead_score_score ON lead_score (account_id, score, id);
CREATE INDEX lead_score_temperature ON lead_score (account_id, temperature, score, id);

-- The walk over an account's contacts that goes on, by its number. One row an account.
CREATE TABLE lead_walk (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  walk bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
