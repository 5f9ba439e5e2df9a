import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { RecordSafetyPauseInput } from '../../src/clinic/treatments/safety-pause.type.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import type { RecordTreatmentGivenInput } from '../../src/clinic/treatments/treatment-given.type.js';
import type { PlanTreatmentInput } from '../../src/clinic/treatments/treatment-plan.type.js';
import type {
  RequestTreatmentInput,
  TreatmentTargetInput,
} from '../../src/clinic/treatments/treatment-request.type.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import type { Temporal } from '../../src/platform/time/index.js';

/** Who asks, with a key when the request is to be repeatable. */
export function asBooker(actor: StaffActor, idempotencyKey: string | null = null): Booker {
  return { actor, roles: ['CLINICIAN'], idempotencyKey };
}

export function aTarget(parts: Partial<TreatmentTargetInput> = {}): TreatmentTargetInput {
  return {
    ...{ structure: 'FACET', level: 'L4_L5', side: 'LEFT' },
    noFindingBecause: 'Tender there, and the scan is to come.',
    ...parts,
  };
}

export interface Subject {
  readonly patientId: string;
  readonly referralId: string;
}

export function aRequest(
  { patientId, referralId }: Subject,
  parts: Partial<RequestTreatmentInput> = {},
): RequestTreatmentInput {
  return {
    ...{ patientId, referralId, kind: 'MEDIAL_BRANCH_BLOCK', targets: [aTarget()] },
    because: 'To find out whether that joint is the source.',
    indication: 'Chronic low back pain, worse on extension.',
    alternatives: 'Physiotherapy; waiting; doing nothing.',
    conservativeWeeks: 16,
    ...parts,
  };
}

export function aPlan(
  { id, version }: Pick<Treatment, 'id' | 'version'>,
  parts: Partial<PlanTreatmentInput> = {},
): PlanTreatmentInput {
  const aspects = [
    'ANTICOAGULANT',
    'ALLERGY',
    'INFECTION',
    'CARDIAC_IMPLANT',
    'DIABETES',
    'PREGNANCY',
  ] as const;
  return {
    ...{ treatmentId: id, version, targets: [aTarget()], guidance: 'FLUOROSCOPY' },
    approach: 'Prone, from behind.',
    agents: [{ agentCode: 'LIDOCAINE', doseMg: 20, volumeMl: 1 }],
    anticoagulantPlan: 'Takes none.',
    aspects: aspects.map((aspect) => ({ aspect, finding: 'NO_CONCERN' as const })),
    justification: 'Without X-rays nobody knows where the needle is.',
    ...parts,
  };
}

export function aPause(
  { id, planVersion, targets }: Pick<Treatment, 'id' | 'planVersion' | 'targets'>,
  heldAt: Temporal.Instant,
  parts: Partial<RecordSafetyPauseInput> = {},
): RecordSafetyPauseInput {
  const places = targets.map(({ level, side }) => ({ level, side }));
  const aspects = [
    'ANTICOAGULANT',
    'ALLERGY',
    'INFECTION',
    'CARDIAC_IMPLANT',
    'DIABETES',
    'PREGNANCY',
  ] as const;
  return {
    ...{ treatmentId: id, planVersion, heldAt, isPatientConfirmed: true, presentIds: [] },
    presentNames: ['Nurse Ana Lee'],
    readings: (['CONSENT', 'MARK', 'IMAGE', 'PLAN'] as const).map((source) => ({ source, places })),
    answers: aspects.map((aspect) => ({ aspect, isSafe: true })),
    ...parts,
  };
}

export function aGiven(
  { id, version, targets }: Pick<Treatment, 'id' | 'version' | 'targets'>,
  finishedAt: Temporal.Instant,
  parts: Partial<RecordTreatmentGivenInput> = {},
): RecordTreatmentGivenInput {
  return {
    ...{ treatmentId: id, version, guidance: 'FLUOROSCOPY', finishedAt },
    targets: targets.map(({ position }) => ({ position, wasTreated: true, needle: '22G, 90 mm' })),
    agents: [
      {
        ...{ targetPosition: null, agentCode: 'LIDOCAINE', concentrationMgMl: 20, volumeMl: 1 },
        ...{ batchNumber: 'LX-4711', expiresOn: '2099-12-31' },
      },
    ],
    ...{ doseAreaProductGyCm2: 0.42, fluoroscopySeconds: 24 },
    ...parts,
  };
}
