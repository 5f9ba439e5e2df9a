import { randomUUID } from 'node:crypto';
import type { EntitleStaffInput } from '../../src/clinic/entitlements/duty.type.js';
import type {
  RecordEmployerLicenceInput,
  RecordPractitionerLicenceInput,
} from '../../src/clinic/entitlements/licence.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { HandleLater, type OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, dateFromInstant } from '../../src/platform/time/index.js';

/** More turns than any test has work for. */
const TURNS_MAX = 500;

/** An account that nobody can sign in with. */
export async function makeStaff(
  database: Database,
  displayName = 'Dr Callum Iversen',
  role: Role = 'CLINICIAN',
  disabledAt: Date | null = null,
): Promise<string> {
  const { id } = await database.client.staffAccount.create({
    data: {
      ...{ email: `${randomUUID()}@clinic.example`, displayName, roles: [role], passwordHash: 'none' },
      ...{ createdAt: new Date('2026-01-01T00:00:00Z'), disabledAt },
    },
  });
  return id;
}

export function anEmployerLicence(
  parts: Partial<RecordEmployerLicenceInput> = {},
): RecordEmployerLicenceInput {
  return {
    number: `ER/${randomUUID().slice(0, 8)}`,
    siteCode: 'MAIN',
    procedureCodes: ['BONE_SPECT_CT'],
    validFrom: '2022-04-01',
    validUntil: '2027-03-31',
    source: 'Letter of the licensing authority',
    ...parts,
  };
}

export function aPractitionerLicence(
  staffId: string,
  parts: Partial<RecordPractitionerLicenceInput> = {},
): RecordPractitionerLicenceInput {
  const { siteCode: _, ...licence } = anEmployerLicence();
  return { ...licence, number: `PR/${randomUUID().slice(0, 8)}`, staffId, ...parts };
}

export function anEntitlement(staffId: string, parts: Partial<EntitleStaffInput> = {}): EntitleStaffInput {
  return {
    staffId,
    acts: ['ADMINISTER_TRACER'],
    validFrom: '2026-01-01',
    reviewOn: '2027-01-01',
    evidence: 'Trained and assessed',
    ...parts,
  };
}

export function mustBe<Answer extends object>(answer: Answer): Exclude<Answer, { readonly code: string }> {
  if (isRefusal(answer)) throw new Error(answer.message);
  return answer as Exclude<Answer, { readonly code: string }>;
}

/** Handles what lies in the outbox and is due by the clock, and puts off what is to come again. Topics that nobody knows stay. */
export async function workDue(database: Database, clock: Clock, handlers: OutboxHandlers): Promise<void> {
  const topics = [...handlers.topics()];
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    const now = dateFromInstant(clock.now());
    const message = await database.client.outboxMessage.findFirst({
      where: { topic: { in: topics }, handledAt: null, dueAt: { lte: now } },
      orderBy: { id: 'asc' },
    });
    if (message === null) return;
    const { id, topic, subjectId, version } = message;
    const change = await handlers
      .handlerOf(topic)
      ?.handle({ id, topic, subjectId, version })
      .then(
        () => ({ handledAt: now }),
        (error: unknown) => {
          if (error instanceof HandleLater) return { dueAt: dateFromInstant(error.notBefore) };
          throw error;
        },
      );
    if (change !== undefined) await database.client.outboxMessage.update({ where: { id }, data: change });
  }
  throw new Error('the outbox is never empty');
}
