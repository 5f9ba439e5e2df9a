/** What is written down of a change: past tense, the room first. */
export type VisitAction =
  | 'visit.held'
  | 'visit.booked'
  | 'visit.moved'
  | 'visit.cancelled'
  | 'visit.restored'
  | 'visit.hold-released'
  | 'visit.hold-lapsed'
  | 'visit.arrived'
  | 'visit.started'
  | 'visit.finished'
  | 'visit.discontinued'
  | 'visit.reverted'
  | 'visit.missed'
  | 'visit.step-started'
  | 'visit.step-finished'
  | 'visit.step-slipped'
  | 'visit.step-undone';
