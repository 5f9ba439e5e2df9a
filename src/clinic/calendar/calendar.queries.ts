/** Of those who plan desk hours one comes after the other, also for a day of which nothing is known yet. */
export const ONE_PLANNER_AT_ONCE = `
  SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtextextended('desk hours', 0))) AS lock`;
