import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { EMPTY_ENTRIES_OF_PATIENT, EMPTY_ENTRIES_OF_SUBJECT } from './audit-retention.queries.js';

/**
 * Takes out of the audit record what it held of a record that is being destroyed. Who did what, and when, stays; the chain
 * holds each entry in its place. The database lets it pass inside of an approved destruction only.
 */
@Injectable()
export class AuditRetentionService {
  /** How many entries about this patient alone were emptied; the ids are all those that the patient was ever known by. */
  async emptyPatient(tx: Tx, patientIds: readonly string[]): Promise<number> {
    return tx.$executeRawUnsafe(EMPTY_ENTRIES_OF_PATIENT, [...patientIds]);
  }

  /** How many entries about this record were emptied. */
  async emptySubject(tx: Tx, subjectType: string, subjectId: string): Promise<number> {
    return tx.$executeRawUnsafe(EMPTY_ENTRIES_OF_SUBJECT, subjectType, subjectId);
  }
}
