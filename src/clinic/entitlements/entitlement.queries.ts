/**
 * Every licence, past and coming ones too, of these sites ($1 codes) and of these practitioners ($2 staff accounts), with its
 * ending. Days as text.
 */
export const LICENCES_OF = `
  SELECT licence.id::text AS "id", licence.kind::text AS "kind", licence.number AS "number",
         licence.site_codes AS "siteCodes", licence.staff_id::text AS "staffId", licence.procedure_codes AS "procedureCodes",
         licence.valid_from::text AS "validFrom", licence.valid_until::text AS "validUntil", ending.ended_on::text AS "endedOn"
    FROM licences licence
    LEFT JOIN licence_endings ending ON ending.licence_id = licence.id
   WHERE (licence.kind = 'EMPLOYER' AND licence.site_codes && $1::text[]) OR licence.staff_id = ANY ($2::uuid[])`;

/** Every entitlement of one person ($1 staff account) for one act ($2), past and coming ones too, with its ending. Days as text. */
export const ENTITLEMENTS_OF = `
  SELECT entitlement.id::text AS "id", entitlement.procedure_codes AS "procedureCodes",
         entitlement.valid_from::text AS "validFrom", entitlement.valid_until::text AS "validUntil",
         entitlement.review_on::text AS "reviewOn", ending.ended_on::text AS "endedOn"
    FROM entitlements entitlement
    LEFT JOIN entitlement_endings ending ON ending.entitlement_id = entitlement.id
   WHERE entitlement.staff_id = $1::uuid AND entitlement.act = $2::"ExposureAct"`;

/** Holds a licence ($1) for whoever looks at its renewal or ends it, one after the other. */
export const HELD_LICENCE = 'SELECT id::text FROM licences WHERE id = $1::uuid FOR NO KEY UPDATE';

/** Holds an entitlement ($1) for whoever ends it. */
export const HELD_ENTITLEMENT = 'SELECT id::text FROM entitlements WHERE id = $1::uuid FOR NO KEY UPDATE';
