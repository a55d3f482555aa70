-- How many contacts are in a tier, counted when they move. The id is the tier's, or of those in none
-- the account's below zero.
CREATE TABLE tier_count (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  contacts bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

INSERT INTO tier_count SELECT m.account_id, CASE WHEN m.tier_id = 0 THEN -m.account_id ELSE m.tier_id END, count(*)
FROM member m JOIN contact c ON c.account_id = m.account_id AND c.id = m.id
WHERE c.status <> 'DELETED' GROUP BY m.account_id, m.tier_id;
