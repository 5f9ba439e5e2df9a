/** Keeps a site as it is while something is put there: it may be given up only afterwards. $1 code (null: every site) */
export const LOCK_SITES_TO_USE = `
  SELECT code, name, retired_on IS NOT NULL AS "isRetired"
    FROM sites WHERE $1::text IS NULL OR code = $1 ORDER BY code FOR SHARE`;

/** Keeps whoever puts something there waiting until the site is given up. $1 code */
export const LOCK_SITE_TO_RETIRE = `SELECT code FROM sites WHERE code = $1 FOR UPDATE`;
