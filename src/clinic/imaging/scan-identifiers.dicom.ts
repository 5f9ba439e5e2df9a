import { randomUUID } from 'node:crypto';
import { uidFromUuid } from '../../dicom/index.js';

/** A Study Instance UID that nobody else has: PS3.5 §B.2, derived from a random UUID. */
export function newStudyInstanceUID(): string {
  return uidFromUuid(randomUUID());
}
