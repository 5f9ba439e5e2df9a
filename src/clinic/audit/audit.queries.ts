/**
 * Entries from one text: through the client's own way each id of each entry would be looked at several times, and a look
 * at a whole worklist names thousands. What is null is left out of the text, since a JSON null is a value of its own. $1
 * an array of objects.
 */
export const INSERT_ENTRIES = `
  INSERT INTO audit_entries
         (id, occurred_at, actor_kind, actor_id, actor_label, action, subject_type, subject_id, patient_ids,
          request_id, source, before, after)
  SELECT id, "occurredAt", "actorKind", "actorId", "actorLabel", action, "subjectType", "subjectId", "patientIds",
         "requestId", source, before, after
    FROM json_to_recordset($1::json) AS entry
         (id uuid, "occurredAt" timestamptz, "actorKind" "ActorKind", "actorId" uuid, "actorLabel" text, action text,
          "subjectType" text, "subjectId" text, "patientIds" uuid[], "requestId" text, source text, before jsonb,
          after jsonb)`;
