import { Test } from '@nestjs/testing';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { RegisterPatientInput } from '../../src/clinic/patients/patient.type.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import { ReferralMoveService } from '../../src/clinic/referrals/referral-move.service.js';
import { ReferrerService } from '../../src/clinic/referrals/referrer.service.js';
import { GuidelineService } from '../../src/clinic/vetting/guideline.service.js';
import { GuidelineAuthorisationService } from '../../src/clinic/vetting/guideline-authorisation.service.js';
import type { ImagingRequest } from '../../src/clinic/vetting/imaging-request.type.js';
import { RequestClaimService } from '../../src/clinic/vetting/request-claim.service.js';
import { RequestEntryService } from '../../src/clinic/vetting/request-entry.service.js';
import type { RequestContentInput } from '../../src/clinic/vetting/request-entry.type.js';
import { RequestEscalationService } from '../../src/clinic/vetting/request-escalation.service.js';
import { RequestExposureService } from '../../src/clinic/vetting/request-exposure.service.js';
import { RequestLapseService } from '../../src/clinic/vetting/request-lapse.service.js';
import { RequestSteeringService } from '../../src/clinic/vetting/request-steering.service.js';
import { RequestViewService } from '../../src/clinic/vetting/request-view.service.js';
import { VettingModule } from '../../src/clinic/vetting/vetting.module.js';
import { VettingService } from '../../src/clinic/vetting/vetting.service.js';
import { VettingDecisionService } from '../../src/clinic/vetting/vetting-decision.service.js';
import type { JustifyImagingRequestInput } from '../../src/clinic/vetting/vetting-decision.type.js';
import { VettingLetterService } from '../../src/clinic/vetting/vetting-letter.service.js';
import { VettingPolicyService } from '../../src/clinic/vetting/vetting-policy.service.js';
import { VettingQueueService } from '../../src/clinic/vetting/vetting-queue.service.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { ExposureAct } from '../../src/platform/database/generated/enums.js';
import { OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule } from '../../src/platform/queue/index.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import { Clock, TimeModule } from '../../src/platform/time/index.js';
import { makeStaff } from './checks.factory.js';
import { makeLicence } from './exposures.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { aStaffActor, makePatient } from './patients.factory.js';

export const BONE = 'BONE_SPECT_CT';

/** The room as it is wired in the application, on a database and a clock of the test's own. */
export async function openVetting(databaseUrl: string, clock: FixedClock) {
  const config = readConfig({ DATABASE_URL: databaseUrl, ROLE: 'api' }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      TimeModule,
      DatabaseModule.at(databaseUrl),
      QueueModule.at(databaseUrl),
      OutboxModule.at(databaseUrl),
      AuditModule,
      VettingModule,
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const get = <Part extends object>(part: abstract new (...parts: never[]) => Part): Part =>
    module.get<Part>(part, { strict: false });
  return {
    module,
    clock,
    database: get(Database),
    patients: get(PatientService),
    referrals: get(ReferralService),
    referralMoves: get(ReferralMoveService),
    referrers: get(ReferrerService),
    vetting: get(VettingService),
    entries: get(RequestEntryService),
    decisions: get(VettingDecisionService),
    steering: get(RequestSteeringService),
    claims: get(RequestClaimService),
    guidelines: get(GuidelineService),
    underGuideline: get(GuidelineAuthorisationService),
    policies: get(VettingPolicyService),
    queue: get(VettingQueueService),
    views: get(RequestViewService),
    lapses: get(RequestLapseService),
    exposures: get(RequestExposureService),
    escalation: get(RequestEscalationService),
    letters: get(VettingLetterService),
    retention: get(RetentionClasses),
    access: get(SubjectAccess),
    close: () => module.close(),
  };
}

export type VettingRoom = Awaited<ReturnType<typeof openVetting>>;

/** A kind of visit that can be asked for. */
export async function makeProcedure({ client }: Database, code: string): Promise<void> {
  await client.visitType.create({
    data: {
      ...{ code, name: code, modality: 'IN_PERSON', companion: 'SCAN', needsReferral: true, isPublic: false },
      ...{ holdMinutes: 15, movesMax: 2, lateChangeHours: 24 },
    },
  });
}

/** Somebody who is entitled to these acts. */
export function entitled(
  room: VettingRoom,
  name: string,
  ...acts: readonly ExposureAct[]
): Promise<StaffActor> {
  return makeStaff(room.database, name, acts);
}

/** A practitioner: entitled to justify, and licensed for bone scans. */
export async function aPractitioner(room: VettingRoom, name = 'Dr Ines Practitioner'): Promise<StaffActor> {
  const actor = await entitled(room, name, 'JUSTIFY');
  await makeLicence(room.database, {
    ...{ kind: 'PRACTITIONER', number: `P-${actor.id}`, siteCodes: ['MAIN'], staffId: actor.id },
    procedureCodes: [BONE, 'BONE_SPECT_CT_EARLY'],
  });
  return actor;
}

export interface ReferralWish {
  readonly patient?: Partial<RegisterPatientInput>;
  readonly isEntitled?: boolean;
  readonly email?: string | null;
}

let registered = 1_000_000;

/** An accepted-or-not referral from a referrer of the directory who may refer for exposures, unless said otherwise. */
export async function aReferral(room: VettingRoom, wish: ReferralWish = {}) {
  const desk = aStaffActor();
  registered += 1;
  const patient = await makePatient(room.patients, { dateOfBirth: '1980-05-06', ...wish.patient });
  const referrer = done(
    await room.referrers.registerReferrer(desk, {
      ...{ kind: 'CONSULTANT', title: 'Dr', name: `Amrit Patel ${registered}`, registrationBody: 'GMC' },
      registration: String(registered),
      phone: '020 7946 0123',
      email: wish.email === undefined ? 'dr.patel@surgery.example' : wish.email,
    }),
  );
  if (wish.isEntitled !== false) {
    done(
      await room.referrers.setReferrerEntitlement(desk, {
        ...{ referrerId: referrer.id, version: referrer.version, isEntitled: true, from: '2020-01-01' },
        note: 'for a test',
      }),
    );
  }
  const referral = await room.referrals.receiveReferral(desk, {
    ...{ patientId: patient.id, source: 'CONSULTANT', priority: 'ROUTINE', referrerId: referrer.id },
    clinicalQuestion: 'Chronic low back pain. Active facet joints?',
  });
  return { patient, referral, referrer };
}

/** All that a referrer has to say. */
export const FULL: RequestContentInput = {
  history: 'Pain for two years, worse on extension.',
  earlierImaging: 'YES',
  earlierImagingText: 'MRI 2025: degenerative L4/5.',
  weightKg: 72.5,
  weightOn: '2026-02-20',
  weightSource: 'MEASURED',
  mobility: 'WALKS',
  pregnancy: 'NOT_PREGNANT',
  lastMenstrualPeriodOn: '2026-02-20',
  breastFeeding: 'NO',
  recentStudies: 'NONE',
  signature: 'ELECTRONIC',
  signedOn: '2026-02-25',
};

/** A request that is complete, unless the content says otherwise. */
export async function aRequest(
  room: VettingRoom,
  { content = {}, ...wish }: ReferralWish & { readonly content?: RequestContentInput } = {},
) {
  const made = await aReferral(room, wish);
  const request = done(
    await room.entries.requestImaging(aStaffActor(), {
      ...{ referralId: made.referral.id, procedureCode: BONE, content: { ...FULL, ...content } },
      ...{ asReferrer: false, asDraft: false },
    }),
  );
  return { ...made, request };
}

/** In a practitioner's words. */
export function words(
  request: Pick<ImagingRequest, 'id' | 'revision'>,
  parts: Partial<JustifyImagingRequestInput> = {},
): JustifyImagingRequestInput {
  return {
    ...{ requestId: request.id, revision: request.revision, authorise: true },
    benefit: 'Shows which joint is active, so that the right one is treated.',
    detriment: 'About 4 mSv, and the CT.',
    alternatives: 'MRI has been done and does not answer it.',
    ...parts,
  };
}

/** What was done; throws when it was refused. */
export function done<Result>(result: Result): Exclude<Result, Refusal> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code} ${result.message}`);
  return result as Exclude<Result, Refusal>;
}

/** Everything that a verb of vetting may leave behind. */
export async function tracesOfVetting({ client }: Database) {
  return {
    requests: await client.imagingRequest.findMany({ orderBy: { id: 'asc' } }),
    contents: await client.imagingRequestContent.count(),
    events: await client.imagingRequestEvent.count(),
    justifications: await client.vettingJustification.count(),
    authorisations: await client.vettingAuthorisation.count(),
    guidelines: await client.vettingGuideline.count(),
    tellings: await client.vettingTelling.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}
