-- One durable line.

-- line_add: exec
-- A line; its key by chance, so that it lands anywhere in the index.
-- in  id int, k int, v text
INSERT INTO bench_line (id, k, v) VALUES (:id, :k, :v);
