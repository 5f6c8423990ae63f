-- Products and lines.
CREATE TABLE bench_product (
    id @int NOT NULL PRIMARY KEY,
    place @int NOT NULL,
    name @text NOT NULL,
    price @money NOT NULL,
    words @text NOT NULL
) @strict;
CREATE INDEX bench_product_place ON bench_product (place);

CREATE TABLE bench_line (
    id @int NOT NULL PRIMARY KEY,
    k @int NOT NULL,
    v @text NOT NULL
) @strict;
CREATE INDEX bench_line_k ON bench_line (k);
