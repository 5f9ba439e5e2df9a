import type { RequiredConstraint } from '../platform/database/constraints.js';

export const NOTIFICATIONS_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'index', table: 'letters', name: 'letters_open' },
  { kind: 'check', table: 'letters', name: 'letters_times_fit_status' },
  { kind: 'check', table: 'letters', name: 'letters_recipient_known' },
];
