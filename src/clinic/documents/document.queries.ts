import { Prisma } from '../../platform/database/generated/client.js';

/** First number of this room's advisory locks; the second says which. */
const ROOM = 4_214;

/** Puts those who file for one subject in line until their transactions end: the same content twice is seen by the second. */
export const filingLock = (subjectId: string) =>
  Prisma.sql`SELECT pg_advisory_xact_lock(${ROOM}::int, hashtext(${subjectId}))::text`;

/** Which of these keys a row still needs: what lies under the others belongs to nobody. */
export const neededKeys = (storageKeys: readonly string[]) => Prisma.sql`
  SELECT storage_key AS "storageKey"
    FROM document_versions
   WHERE storage_key = ANY (${storageKeys}::text[]) AND content_destroyed_at IS NULL`;

/** Names this installation, unless it has its name: of several that do so at once, one is heard. */
export const madeInstallation = (id: string) => Prisma.sql`
  INSERT INTO document_installations (id, installation_id) VALUES (1, ${id}::uuid) ON CONFLICT (id) DO NOTHING`;

export const installationId = () => Prisma.sql`
  SELECT installation_id::text AS "installationId" FROM document_installations`;

/** Since when the storage is another installation's; null: it is this one's. The first time stays. */
export const notedStorage = (strangeSince: Date | null) => Prisma.sql`
  UPDATE document_installations
     SET storage_strange_since = CASE WHEN ${strangeSince}::timestamptz IS NULL THEN NULL
                                      ELSE coalesce(storage_strange_since, ${strangeSince}::timestamptz) END
   WHERE (storage_strange_since IS NULL) <> (${strangeSince}::timestamptz IS NULL)`;

export const strangeStorages = () => Prisma.sql`
  SELECT 1 AS one FROM document_installations WHERE storage_strange_since IS NOT NULL`;
