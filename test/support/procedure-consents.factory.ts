import type { RecordConsentInput } from '../../src/clinic/consent/consent-entry.type.js';
import type { NewWording } from '../../src/clinic/consent/consent-wording.service.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aStaffActor } from './patients.factory.js';

/** The wording that `aProcedureConsent` names, in force since long before any test's clock. */
export function aProcedureWording(parts: Partial<NewWording> = {}): NewWording {
  return {
    purpose: 'PROCEDURE',
    version: '1',
    locale: 'en-GB',
    text: 'I agree to the procedure that is named on this form, on the side and at the levels that are named on it.',
    effectiveFrom: Temporal.Instant.from('2020-01-01T00:00:00Z'),
    ...parts,
  };
}

export const TOLD = {
  indication: 'Facet pain that came back',
  risks: [
    { risk: 'Infection', figure: '1 in 10,000' },
    { risk: 'No relief', figure: '1 in 3' },
  ],
  options: [
    { option: 'Physiotherapy', isDoingNothing: false },
    { option: 'Wait and see', isDoingNothing: true },
  ],
  leaflets: [{ title: 'Facet joint injection', version: '3' }],
  priorities: 'To work again',
  questions: null,
};

/** A "yes" to a left facet injection at L4/5, with everything that is asked of it but evidence. */
export function aProcedureConsent(
  patientId: string,
  signatureDocumentId: string,
  parts: Partial<RecordConsentInput> = {},
): RecordConsentInput {
  return {
    patientId,
    purpose: 'PROCEDURE',
    procedureCode: 'FACET_INJECTION',
    side: 'LEFT',
    levels: ['L4/5'],
    decision: 'GIVEN',
    wordingVersion: '1',
    locale: 'en-GB',
    givenBy: 'PATIENT',
    method: 'IN_PERSON',
    told: TOLD,
    capacity: 'HAS_CAPACITY',
    capacityStatement: 'Understood it, kept it, weighed it and said it back.',
    takerCompetence: 'PERFORMS_IT',
    evidence: { signatureDocumentId },
    ...parts,
  };
}

/** A paper that is filed about a patient, as far as other rooms look at one. */
export async function makeFiledDocument(
  database: Database,
  patientId: string | null,
  parts: {
    readonly withdrawnAt?: Date;
    readonly withdrawnById?: string;
    readonly withdrawnReason?: string;
  } = {},
): Promise<string> {
  const { id } = await database.client.document.create({
    data: {
      patientId,
      subjectType: patientId === null ? 'ENQUIRY' : 'PATIENT',
      subjectId: patientId ?? aStaffActor().id,
      kind: 'CONSENT_FORM',
      title: 'Signature',
      retentionClass: 'DOCUMENT',
      filedAt: new Date('2026-03-01T09:00:00Z'),
      filedById: aStaffActor().id,
      ...parts,
    },
  });
  return id;
}
