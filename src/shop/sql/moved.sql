-- Where things were before.

-- moved_to: one
-- in  path text
-- out place text
SELECT place FROM shop_moved WHERE path = :path;
