-- What the company answers to what visitors wrote.
CREATE TABLE front_answer (
    id @id NOT NULL PRIMARY KEY,
    message @id NOT NULL REFERENCES front_message (id),
    words @text NOT NULL,
    made @time NOT NULL,
    sent @time
) @strict;
CREATE INDEX front_answer_message_id ON front_answer (message, id);
