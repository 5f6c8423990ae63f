-- What the staff should know of an item.

ALTER TABLE sample_item ADD COLUMN note @text;
