import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import { givenAway, type IdentifierKind, type Identifiers, type Known } from './identifier.rules.js';

/** Stands in an extract for words that would give somebody away after all. */
export const WITHHELD = '[Withheld: these words would give somebody away.]';

const PERSON = {
  phones: { select: { e164: true } },
  scanBookings: { select: { accessionNumber: true } },
} as const satisfies Prisma.PatientInclude;
type PersonRow = Prisma.PatientGetPayload<{ include: typeof PERSON }>;

interface Concerned {
  readonly patientId: string | null;
  readonly visitId: string | null;
}

/**
 * By what the people whom an incident concerns could be known: whom it happened to, and whose visit it was, also by what is left
 * of records that were merged into theirs; and how staff are called.
 */
@Injectable()
export class IncidentIdentityService {
  constructor(
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'allIdsOf'>,
    @Inject(VisitRecordService) private readonly visits: Pick<VisitRecordService, 'byIds'>,
  ) {}

  async knownOf(tx: Tx, { patientId, visitId }: Concerned): Promise<Known> {
    const [visit] = visitId === null ? [] : await this.visits.byIds(tx, [visitId]);
    const own = new Set([patientId, visit?.patientId ?? null].filter((id) => id !== null));
    const ids: string[] = [];
    for (const id of own) ids.push(...(await this.patients.allIdsOf(tx, id)));
    const people = await tx.patient.findMany({ where: { id: { in: ids } }, include: PERSON });
    const staff = await tx.staffAccount.findMany({ select: { displayName: true } });
    return { people: people.map(toIdentifiers), staffNames: staff.map(({ displayName }) => displayName) };
  }

  /** By what a text gives one of them away; empty: by nothing that is known. */
  async named(tx: Tx, concerned: Concerned, text: string): Promise<readonly IdentifierKind[]> {
    return givenAway(text, await this.knownOf(tx, concerned));
  }
}

/** The text, unless it gives one of these people away as they are known now. */
export function withoutIdentifiers(text: string, known: Known): string {
  return givenAway(text, known).length > 0 ? WITHHELD : text;
}

function toIdentifiers(row: PersonRow): Identifiers {
  const { familyName, givenName, middleNames, nhsNumber, localNumber, phones, email } = row;
  return {
    names: [familyName, givenName, ...(middleNames === null ? [] : [middleNames])],
    dateOfBirth: plainDateFromDate(row.dateOfBirth),
    numbers: [
      ...[localNumber, ...(nhsNumber === null ? [] : [nhsNumber])],
      ...phones.map(({ e164 }) => e164),
      ...row.scanBookings.map(({ accessionNumber }) => accessionNumber),
    ],
    emails: email === null ? [] : [email],
    postcode: row.postcode,
    addressLines: row.addressLines,
  };
}
