-- Items with their stock, sales, and the books.

CREATE TABLE sample_item (
    id @id NOT NULL PRIMARY KEY,
    code @text NOT NULL,
    name @text NOT NULL,
    price @money NOT NULL,
    free @int NOT NULL CHECK (free >= 0),
    held @int NOT NULL CHECK (held >= 0),
    sold @int NOT NULL CHECK (sold >= 0),
    weight @real,
    picture @blob,
    facts @json NOT NULL,
    listed @bool NOT NULL,
    made @time NOT NULL
) @strict;
CREATE UNIQUE INDEX sample_item_code ON sample_item (code);
CREATE INDEX sample_item_made_id ON sample_item (made, id);

CREATE TABLE sample_sale (
    id @id NOT NULL PRIMARY KEY,
    item @id NOT NULL REFERENCES sample_item (id),
    quantity @int NOT NULL CHECK (quantity > 0),
    total @money NOT NULL,
    state @text NOT NULL CHECK (state IN ('held', 'paid', 'given_back')),
    made @time NOT NULL,
    paid @time,
    of @id REFERENCES sample_sale (id)
) @strict;
CREATE INDEX sample_sale_item_made_id ON sample_sale (item, made, id);
CREATE INDEX sample_sale_of ON sample_sale (of);

CREATE TABLE sample_entry (
    sale @id NOT NULL REFERENCES sample_sale (id),
    line @int NOT NULL,
    amount @money NOT NULL,
    words @text,
    PRIMARY KEY (sale, line)
) @strict;
