import type { RequiredConstraint } from '../platform/database/constraints.js';

export const OUTBOX_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'index', table: 'outbox_messages', name: 'outbox_messages_open' },
  { kind: 'index', table: 'outbox_messages', name: 'outbox_messages_parked' },
];
