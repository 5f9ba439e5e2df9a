/** Who took these decisions $1 on consent, and when they were made: by record, in one statement. A form has no account. */
export const TAKEN_BY = `
  SELECT record.id, staff.id AS "byId", staff.display_name AS "byName", record.decided_at AS at
    FROM consent_records record
    LEFT JOIN staff_accounts staff ON staff.id = record.recorded_by_id
   WHERE record.id = ANY ($1::uuid[])`;
