/**
 * Tells whoever looks at these days, when it is committed, that something opens or closes on them: the channel of the live day.
 * $1 first and $2 last local day (null: for good), $3 resource ids (null: all, at every site)
 */
export const TELL_DAYS = `
  SELECT pg_notify('facet_day', jsonb_build_object(
           'firstOn', $1::text,
           'lastOn', $2::text,
           'siteCode', (SELECT CASE WHEN count(DISTINCT site_code) = 1 THEN min(site_code) END
                          FROM resources WHERE id = ANY ($3::uuid[])))::text)::text`;
