/** Topics of this room's own work. */
export const RADIOPHARMACY_WORK = {
  /** A row was set that doses are computed by: those of booked visits follow. The subject is the row. */
  basisSet: 'dose-basis.set',
  /** The cut-off of a sheet has passed. The subject is the order. */
  cutOffPassed: 'dose-order.cut-off-passed',
} as const;
