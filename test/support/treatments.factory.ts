import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { EntitlementService } from '../../src/clinic/entitlements/entitlement.service.js';
import { ComplicationService } from '../../src/clinic/treatments/complication.service.js';
import { SafetyPauseService } from '../../src/clinic/treatments/safety-pause.service.js';
import { SteroidDoseService } from '../../src/clinic/treatments/steroid-dose.service.js';
import { TreatmentService } from '../../src/clinic/treatments/treatment.service.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import { TreatmentBookingService } from '../../src/clinic/treatments/treatment-booking.service.js';
import { TreatmentConsentService } from '../../src/clinic/treatments/treatment-consent.service.js';
import { TreatmentDutyService } from '../../src/clinic/treatments/treatment-duty.service.js';
import { TreatmentEligibilityService } from '../../src/clinic/treatments/treatment-eligibility.service.js';
import { TreatmentEvidence } from '../../src/clinic/treatments/treatment-evidence.service.js';
import { TreatmentFactsService } from '../../src/clinic/treatments/treatment-facts.service.js';
import { TreatmentGivenService } from '../../src/clinic/treatments/treatment-given.service.js';
import type { RecordTreatmentGivenInput } from '../../src/clinic/treatments/treatment-given.type.js';
import { TreatmentGivenWritingService } from '../../src/clinic/treatments/treatment-given-writing.service.js';
import { TreatmentGroundService } from '../../src/clinic/treatments/treatment-ground.service.js';
import { TreatmentPlanService } from '../../src/clinic/treatments/treatment-plan.service.js';
import type { PlanTreatmentInput } from '../../src/clinic/treatments/treatment-plan.type.js';
import { TreatmentPlanGroundService } from '../../src/clinic/treatments/treatment-plan-ground.service.js';
import { TreatmentPolicyService } from '../../src/clinic/treatments/treatment-policy.service.js';
import { TreatmentRecordService } from '../../src/clinic/treatments/treatment-record.service.js';
import { TreatmentRequestService } from '../../src/clinic/treatments/treatment-request.service.js';
import type { RequestTreatmentInput } from '../../src/clinic/treatments/treatment-request.type.js';
import { TreatmentStartService } from '../../src/clinic/treatments/treatment-start.service.js';
import { TreatmentTargetService } from '../../src/clinic/treatments/treatment-target.service.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { VisitRecordService } from '../../src/clinic/visits/visit-record.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { ExposureAct } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { consentRoomOn } from './consent.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { outcomesOn } from './outcomes.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { aProcedureConsent, aProcedureWording, makeFiledDocument } from './procedure-consents.factory.js';
import { makeReferral, referralServiceOn } from './referrals.factory.js';
import { mustBe } from './reports.factory.js';
import { aGiven, aPause, aPlan, aRequest, asBooker, type Subject } from './treatment-inputs.factory.js';

export {
  aGiven,
  aPause,
  aPlan,
  aRequest,
  asBooker,
  aTarget,
  type Subject,
} from './treatment-inputs.factory.js';

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** The whole of the room's own services, built by hand on a test's database. */
export function treatmentsOn(database: Database, clock: FixedClock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const patients = patientServiceOn(database, clock);
  const consents = consentRoomOn(database, clock);
  const { outcomes, followers, verbs: scores } = outcomesOn(database, clock);
  const idempotency = new IdempotencyService(database, clock);
  const records = new TreatmentRecordService(database, audit, patients);
  const targets = new TreatmentTargetService();
  const ground = new TreatmentGroundService(patients, referralServiceOn(database, clock), targets);
  const requests = new TreatmentRequestService(database, clock, idempotency, ground, records, audit);
  const policies = new TreatmentPolicyService(database, clock, config, audit);
  const steroids = new SteroidDoseService(database, clock, config, audit, patients);
  const evidence = new TreatmentEvidence();
  const facts = new TreatmentFactsService(config, outcomes, evidence, records, steroids);
  const eligibility = new TreatmentEligibilityService(database, clock, config, policies, facts, records);
  const duties = new TreatmentDutyService(new EntitlementService(), config);
  const planGround = new TreatmentPlanGroundService(targets, policies, eligibility);
  const consent = new TreatmentConsentService(consents.consent);
  const writing = new TreatmentGivenWritingService(clock, config, policies, duties);
  const visits = new VisitRecordService(database, clock, config, audit);
  return {
    ...{ database, clock, records, requests, policies, steroids, evidence, eligibility, consents, scores },
    ...{ outcomes, followers },
    treatments: new TreatmentService(records, requests, targets),
    bookings: new TreatmentBookingService(database, visits, records),
    plans: new TreatmentPlanService(database, clock, config, duties, planGround, records),
    pauses: new SafetyPauseService(database, clock, idempotency, consent, records, audit),
    starts: new TreatmentStartService(database, clock, records, consent, duties, planGround),
    given: new TreatmentGivenService(database, outbox, idempotency, records, writing),
    complications: new ComplicationService(clock, idempotency, records),
  };
}

export type TreatmentsRoom = ReturnType<typeof treatmentsOn>;

/** A clinician with an account, entitled to justify X-rays and to use them unless said otherwise. */
export async function makeOperator(
  database: Database,
  wish: { readonly displayName?: string; readonly acts?: readonly ExposureAct[] } = {},
): Promise<StaffActor> {
  const { displayName = 'Dr Olu Okafor', acts = ['JUSTIFY', 'ACQUIRE_IMAGES'] } = wish;
  const account = {
    email: `${randomUUID()}@clinic.example`,
    roles: ['CLINICIAN' as const],
    passwordHash: 'none',
  };
  const { id } = await database.client.staffAccount.create({
    data: { ...account, displayName, createdAt: SINCE },
  });
  await database.client.entitlement.createMany({
    data: acts.map((act) => ({
      ...{ staffId: id, act, procedureCodes: [], validFrom: SINCE, evidence: 'For a test' },
      ...{ entitledAt: SINCE, entitledById: id },
      reviewOn: dateFromPlainDate(Temporal.PlainDate.from('2199-01-01')),
    })),
  });
  return aStaffActor(id);
}

/** A patient with a referral of theirs. */
export async function makeSubject(room: TreatmentsRoom): Promise<Subject> {
  const { database, clock } = room;
  const { id: patientId } = await makePatient(patientServiceOn(database, clock));
  const { id: referralId } = await makeReferral(referralServiceOn(database, clock), patientId);
  return { patientId, referralId };
}

/** The wording of consents to procedures; once for a test's database. */
export async function publishProcedureWording(room: TreatmentsRoom): Promise<void> {
  await room.consents.wordings.publishWording(aStaffActor(), aProcedureWording());
}

/** A consent to the places of a treatment as it stands, confirmed now: one "yes" for each side. */
export async function consentTo(
  room: TreatmentsRoom,
  treatment: Treatment,
  parts: { readonly side?: 'LEFT' | 'RIGHT'; readonly levels?: readonly string[] } = {},
): Promise<void> {
  const { database, consents } = room;
  const actor = aStaffActor();
  const signatureDocumentId = await makeFiledDocument(database, treatment.patientId);
  const sides = parts.side === undefined ? (['LEFT', 'RIGHT'] as const) : [parts.side];
  for (const side of sides) {
    const own = treatment.targets.filter((target) => target.side === side || target.side === 'BILATERAL');
    if (own.length === 0 && parts.side === undefined) continue;
    const named = parts.levels ?? own.flatMap(({ level }) => level?.replace('_', '/') ?? []);
    const place = { side, levels: [...named] };
    const { id: recordId } = mustBe(
      await consents.consent.recordConsent(
        actor,
        aProcedureConsent(treatment.patientId, signatureDocumentId, {
          ...{ procedureCode: treatment.procedureCode, ...place },
        }),
      ),
    );
    mustBe(
      await consents.confirmations.confirmConsent(actor, {
        ...{ recordId, ...place, givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT' },
        evidence: { signatureDocumentId },
      }),
    );
  }
}

/** A figure of pain, said now. */
export async function sayPain(room: TreatmentsRoom, patientId: string, value: number): Promise<void> {
  mustBe(
    await room.scores.recordScore(asBooker(aStaffActor()), {
      ...{ patientId, instrument: 'NRS', mode: 'IN_PERSON', takenAt: room.clock.now() },
      answers: [{ item: 1, marked: [value] }],
    }),
  );
}

/** A treatment that was planned, with a consent that holds; throws when something is refused. */
export async function makePlanned(
  room: TreatmentsRoom,
  actor: StaffActor,
  subject: Subject,
  wish: {
    readonly request?: Partial<RequestTreatmentInput>;
    readonly plan?: Partial<PlanTreatmentInput>;
  } = {},
): Promise<Treatment> {
  const asked = mustBe(
    await room.requests.requestTreatment(asBooker(actor), aRequest(subject, wish.request)),
  );
  return planAsked(room, actor, asked, wish.plan);
}

/** The same of one that was asked for, at the places for which it was. */
export async function planAsked(
  room: TreatmentsRoom,
  actor: StaffActor,
  asked: Treatment,
  parts: Partial<PlanTreatmentInput> = {},
): Promise<Treatment> {
  const targets = asked.targets.map(({ position: _position, inWords: _inWords, ...target }) => target);
  const plan = aPlan(asked, { targets, proceedBecause: 'Agreed with the patient.', ...parts });
  const planned = mustBe(await room.plans.planTreatment(actor, plan));
  await consentTo(room, planned);
  return planned;
}

/** A treatment under way; throws when something is refused. */
export async function makeStarted(
  room: TreatmentsRoom,
  actor: StaffActor,
  subject: Subject,
  wish: Parameters<typeof makePlanned>[3] = {},
): Promise<Treatment> {
  return startPlanned(room, actor, await makePlanned(room, actor, subject, wish));
}

/** The same of one that was planned. */
export async function startPlanned(
  room: TreatmentsRoom,
  actor: StaffActor,
  planned: Treatment,
): Promise<Treatment> {
  const paused = mustBe(
    await room.pauses.recordSafetyPause(
      asBooker(actor),
      aPause(planned, room.clock.now(), { presentIds: [actor.id] }),
    ),
  );
  const { id: treatmentId, version } = paused;
  return mustBe(await room.starts.startTreatment(actor, { treatmentId, version }));
}

/** A treatment that was given, ending now; throws when something is refused. */
export async function makeDone(
  room: TreatmentsRoom,
  actor: StaffActor,
  subject: Subject,
  wish: Parameters<typeof makePlanned>[3] & { readonly given?: Partial<RecordTreatmentGivenInput> } = {},
): Promise<Treatment> {
  const started = await makeStarted(room, actor, subject, wish);
  const given = aGiven(started, room.clock.now(), wish.given);
  return mustBe(await room.given.recordTreatmentGiven(asBooker(actor), given));
}
