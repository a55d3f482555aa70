-- What charts over a year are made of, kept while it happens.

-- The ledger's transfers and openings of contacts' accounts, summed by quarters of an hour: every
-- time zone's days begin at one. The id is the account's times 2^24, and the quarter's since 1970.
CREATE TABLE ledger_quarter (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  issued bigint NOT NULL,
  reversed bigint NOT NULL,
  redeemed bigint NOT NULL,
  expired bigint NOT NULL,
  opened bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- Of contacts that are gone it is not known when they came: they stand before all others.
INSERT INTO ledger_quarter SELECT account_id, account_id * 16777216 + quarter, CAST(sum(issued) AS bigint),
  CAST(sum(reversed) AS bigint), CAST(sum(redeemed) AS bigint), CAST(sum(expired) AS bigint),
  CAST(sum(opened) AS bigint)
FROM (
  SELECT account_id, created_at / 900000000 AS quarter,
         CASE WHEN kind = 'reception' THEN -amount ELSE 0 END AS issued,
         CASE WHEN kind = 'reversal' THEN amount ELSE 0 END AS reversed,
         CASE WHEN kind = 'redemption' THEN amount ELSE 0 END AS redeemed,
         CASE WHEN kind = 'expiry' THEN amount ELSE 0 END AS expired, 0 AS opened
  FROM entry WHERE ledger_account_id < 0
  UNION ALL
  SELECT l.account_id, coalesce(c.created_at, 0) / 900000000, 0, 0, 0, 0, 1
  FROM ledger_account l LEFT JOIN contact c ON c.account_id = l.account_id AND c.id = l.id
  WHERE l.kind = 'contact'
) AS happened
GROUP BY account_id, quarter;

-- How many contacts received credits, or had some taken back, in a day, a week and a month of the
-- account's zone. The id is the account's times 2^24, the kind of period times 2^20, and its number.
CREATE TABLE active_contacts (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  contacts bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- From which tier a contact went to which; 0 is none. Known from here on.
CREATE TABLE tier_move (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  from_tier bigint NOT NULL,
  to_tier bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
