-- What PostgreSQL says in other words.

-- item_tags: one
SELECT CAST(jsonb_array_length(facts -> 'tags') AS bigint) AS tags
FROM sample_item WHERE id = :id;
