-- The same for the tables that re-pricing fills: merging what it had just written took a third of its CPU.

ALTER TABLE ${LOCAL}.price_amendments${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;

ALTER TABLE ${LOCAL}.rollup_15m${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;

ALTER TABLE ${LOCAL}.users_15m${ON_CLUSTER} MODIFY SETTING merge_selector_base = 10;
