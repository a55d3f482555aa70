-- How a shop looks to its customers; one row an account.
CREATE TABLE brand (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  colour text NOT NULL,
  logo text NOT NULL,
  welcome text NOT NULL,
  PRIMARY KEY (account_id, id)
);
