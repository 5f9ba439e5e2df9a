/** Links of the chain after a position, each with the text of its entry as it stands today. $1 position, $2 how many. */
export const LINKS_AFTER = `
  SELECT link.position,
         link.entry_id                       AS "entryId",
         encode(link.previous_hash, 'hex')   AS "previousHash",
         encode(link.hash, 'hex')            AS hash,
         CASE WHEN entry.id IS NULL THEN NULL ELSE audit_payload(entry) END AS payload,
         CASE WHEN EXISTS (SELECT FROM destruction_stubs stub WHERE stub.item_id = emptied.item_id)
              THEN encode(emptied.remainder_sha256, 'hex') END AS "remainderHash"
    FROM audit_links link
    LEFT JOIN audit_entries entry ON entry.id = link.entry_id
    LEFT JOIN audit_emptied emptied ON emptied.entry_id = link.entry_id
   WHERE link.position > $1
   ORDER BY link.position
   LIMIT $2`;

/** Entries that no link holds: written with the chain's trigger switched off. */
export const ENTRIES_WITHOUT_LINK = `
  SELECT entry.id
    FROM audit_entries entry
   WHERE NOT EXISTS (SELECT FROM audit_links link WHERE link.entry_id = entry.id)
   ORDER BY entry.id
   LIMIT 1`;
