-- Every booking asks of each resource that it wants whether a hold of it has ended. By resource first, so that the answer
-- costs the same however many claims the resource has and however many holds of others have ended.
DROP INDEX span_claims_held;
CREATE INDEX span_claims_held ON span_claims (resource_id, expires_at) WHERE (released_at IS NULL AND expires_at IS NOT NULL);
