-- Every diary asks of each resource which claims end after its beginning: in order of time and without a look at the rows,
-- however many years lie before. The exclusion constraint keeps claims apart; it is not made for reading thousands of them.
CREATE INDEX span_claims_live ON span_claims (resource_id, ends_at) INCLUDE (starts_at, expires_at, holder_id)
  WHERE (released_at IS NULL);
