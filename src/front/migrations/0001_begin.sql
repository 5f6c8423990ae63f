-- What visitors write to the company.
CREATE TABLE front_message (
    id @id NOT NULL PRIMARY KEY,
    form @text NOT NULL,
    name @text NOT NULL,
    email @text NOT NULL,
    words @text NOT NULL,
    made @time NOT NULL
) @strict;
CREATE UNIQUE INDEX front_message_form ON front_message (form);
