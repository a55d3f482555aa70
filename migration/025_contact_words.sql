-- What contacts are looked for by: the words of their names and addresses, folded. As bytes, so that
-- both stores keep them in the same order, by which those that begin alike stand together.
CREATE TABLE contact_word (
  account_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  word bytea NOT NULL,
  PRIMARY KEY (account_id, contact_id, word)
);
CREATE INDEX contact_word_word ON contact_word (account_id, word, contact_id);

-- SQLite keeps the id behind each entry: an account's contacts in the order of their ids, without a
-- look at all of them or at those of other accounts.
CREATE INDEX contact_account ON contact (account_id);

-- The contacts that are there already are gone through by a job (contact/search_words.h).
INSERT INTO job SELECT id, -23, uuid, 'index_contacts', '{"after":0}', 'waiting', 0, 0, NULL, 0, 0
FROM account;
