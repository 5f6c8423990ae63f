-- What visitors wrote.

-- message_add: exec
-- A message as it came in.
-- in  id id, form text, name text, email text, words text, made time
INSERT INTO front_message (id, form, name, email, words, made)
VALUES (:id, :form, :name, :email, :words, :made);

-- message_of_form: one
-- The message that this form became.
-- in  form text
-- out id id
SELECT id FROM front_message WHERE form = :form;

-- message_find: one
-- One message, for whoever has its id.
-- in  id id
-- out id id, name text, email text, words text, made time
SELECT id, name, email, words, made FROM front_message WHERE id = :id;

-- message_page: many
-- The newest first, ids being made in the order of time. Searching looks into every word, whatever
-- the case of its Latin letters: where replacing what is sought changes a text, it is in there.
-- in  query text?, before id?, limit int
-- out id id, name text, email text, words text, made time
-- scan: a search reads the messages from the newest on until the page is full
SELECT id, name, email, words, made FROM front_message
WHERE TRUE
    [[ AND replace(lower(name || ' ' || email || ' ' || words), lower(:query), '')
           <> lower(name || ' ' || email || ' ' || words) ]]
    [[ AND id < :before ]]
ORDER BY id DESC LIMIT :limit;
