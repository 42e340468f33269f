-- Fewer, wider merges of the tables that get a row or more for each span. With the default of 5 a part of 8,000 spans was merged
-- three times within its first minute, which cost the store as much CPU as a third of the insert; with 10 it is half of the rows.
-- Old and small parts are merged as before: the selector lowers the base with the age and the number of parts.

ALTER TABLE ${LOCAL}.spans${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;

ALTER TABLE ${LOCAL}.content_fragments${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;

ALTER TABLE ${LOCAL}.trace_index${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;
