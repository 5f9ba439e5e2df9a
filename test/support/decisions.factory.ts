import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DecisionService } from '../../src/clinic/decisions/decision.service.js';
import { DecisionActionService } from '../../src/clinic/decisions/decision-action.service.js';
import { DecisionActionEntryService } from '../../src/clinic/decisions/decision-action-entry.service.js';
import { DecisionActionRecordService } from '../../src/clinic/decisions/decision-action-record.service.js';
import { DecisionAddendumService } from '../../src/clinic/decisions/decision-addendum.service.js';
import { DecisionDraftService } from '../../src/clinic/decisions/decision-draft.service.js';
import type { TypeDecisionInput } from '../../src/clinic/decisions/decision-entry.type.js';
import { DecisionGroundService } from '../../src/clinic/decisions/decision-ground.service.js';
import { DecisionLetterService } from '../../src/clinic/decisions/decision-letter.service.js';
import { DecisionOutcomeService } from '../../src/clinic/decisions/decision-outcome.service.js';
import { DecisionPolicyService } from '../../src/clinic/decisions/decision-policy.service.js';
import { DecisionRecordService } from '../../src/clinic/decisions/decision-record.service.js';
import { DecisionReminderService } from '../../src/clinic/decisions/decision-reminder.service.js';
import { DecisionSigningService } from '../../src/clinic/decisions/decision-signing.service.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Discipline } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { notFound } from '../../src/platform/refusal/refusal.js';
import type { Temporal } from '../../src/platform/time/index.js';
import { mustBe } from './entitlements.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { aMeeting, makePreparedCase, makeSession, meetingsOn } from './meetings.factory.js';
import { makePatient } from './patients.factory.js';

/** Cases of these tests belong to no referral: whoever asks for one has made a mistake. */
const NO_REFERRALS = { mustHaveReferral: () => Promise.reject(notFound('referral')) };

/** The room's own services, built by hand on a test's database; nobody in it has a second factor. */
export function decisionsOn(database: Database, clock: FixedClock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const meetings = meetingsOn(database, clock);
  const idempotency = new IdempotencyService(database, clock);
  const signatures = { mustBeAbleToSign: async () => null };
  const records = new DecisionRecordService(database, audit);
  const ground = new DecisionGroundService(NO_REFERRALS, meetings.patients, meetings.cases, clock, config);
  const outcomes = new DecisionOutcomeService();
  const actionRecords = new DecisionActionRecordService(database, clock, config, audit, outcomes);
  const reminders = new DecisionReminderService(database, clock, config, outbox, actionRecords);
  const policies = new DecisionPolicyService(database, clock, config, audit);
  const letters = new DecisionLetterService(database, clock, outbox, audit, records, ground);
  return {
    ...{ meetings, records, actionRecords, reminders, policies, letters },
    decisions: new DecisionService(database, clock, meetings.outcomes, ground, records),
    signing: new DecisionSigningService(database, clock, signatures, ground, records, letters),
    addenda: new DecisionAddendumService(clock, idempotency, signatures, ground, records),
    entries: new DecisionActionEntryService(clock, idempotency, ground, policies, actionRecords, reminders),
    actions: new DecisionActionService(database, clock, ground, policies, actionRecords, reminders),
    drafts: new DecisionDraftService(clock, idempotency, records, letters),
  };
}

export type DecisionsRoom = ReturnType<typeof decisionsOn>;

export function aDecision(
  caseId: string,
  checkerId: string,
  parts: Partial<TypeDecisionInput> = {},
): TypeDecisionInput {
  return {
    ...{ caseId, checkerId, baseVersion: 0, kind: 'RECOMMENDATION' },
    recommendation: 'Medial branch block, left L4/L5.',
    options: [{ option: 'Block', inFavour: 'Uptake there.', against: 'A needle.' }],
    ...{ codes: [], evidence: [{ citation: 'NICE NG59', says: 'After a positive block.' }] },
    dissent: [{ who: 'Ms Low, physiotherapy', what: 'Exercise first.' }],
    ...parts,
  };
}

export interface DiscussionWish {
  readonly quorum?: readonly Discipline[];
  readonly patientId?: string;
  readonly startsAt?: Temporal.Instant;
}

/** A case under discussion in a meeting of its own, with these two in it; the clock stands at its beginning. */
export async function makeDiscussed(
  { meetings }: Pick<DecisionsRoom, 'meetings'>,
  chair: StaffActor,
  colleague: StaffActor,
  { quorum = ['PAIN_MEDICINE', 'PSYCHOLOGY'], patientId, startsAt }: DiscussionWish = {},
): Promise<{ readonly caseId: string; readonly patientId: string }> {
  const plan = aMeeting(chair, { quorum: [...quorum], ...(startsAt === undefined ? {} : { startsAt }) });
  const meeting = mustBe(await meetings.planning.planMeeting(chair, plan));
  const subjectId = patientId ?? (await makePatient(meetings.patients)).id;
  const { id: caseId, version } = await makePreparedCase(meetings, chair, subjectId);
  mustBe(await meetings.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
  await makeSession(meetings, meeting, [
    [chair, 'PAIN_MEDICINE'],
    [colleague, 'PSYCHOLOGY'],
  ]);
  mustBe(await meetings.cases.beginCase(chair, caseId));
  return { caseId, patientId: subjectId };
}
