import type { RequiredConstraint } from '../platform/database/constraints.js';

export const CALENDAR_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'desk_hours', name: 'desk_hours_forwards' },
  {
    kind: 'exclusion',
    table: 'desk_hours',
    name: 'desk_hours_no_overlap',
    contains: 'effective_from WITH =, iso_weekday WITH =, int4range(',
  },
];
