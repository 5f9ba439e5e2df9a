import { until } from '../support/until.js';
import { done, type Made } from './asking.js';
import { fileDocument } from './first-contact.js';
import type { TeamClinic } from './team-clinic.js';
import { first } from './visits.js';

// A treatment from the request to what was given, on the right side, and what the patient says of it afterwards.

const TREATMENT = `Treatment { id version status kind planVersion patientId referralId
  targets { position level side structure } visitId }`;
const ASPECTS = ['ANTICOAGULANT', 'ALLERGY', 'INFECTION', 'CARDIAC_IMPLANT', 'DIABETES', 'PREGNANCY'];

export const PAUSE = { verb: 'recordSafetyPause', wanted: TREATMENT } as const;
export const START = { verb: 'startTreatment', wanted: TREATMENT } as const;

export interface TreatmentSeen extends Made {
  readonly status: string;
  readonly kind: string;
  readonly planVersion: number;
  readonly patientId: string;
  readonly referralId: string;
  readonly visitId: string | null;
  readonly targets: readonly {
    readonly position: number;
    readonly level: string | null;
    readonly side: string;
    readonly structure: string;
  }[];
}

export async function treatmentOf(clinic: TeamClinic, id: string): Promise<TreatmentSeen> {
  const { treatment } = await clinic.the('clinician').ask<{ treatment: TreatmentSeen }>(
    `query ($id: ID!) { treatment(id: $id) { id version status kind planVersion patientId referralId
      targets { position level side structure } visitId } }`,
    { id },
  );
  return treatment;
}

/** Planned as the clinic's terms ask; the targets are those of the request unless it was planned before. */
export async function planBlock(
  clinic: TeamClinic,
  treatment: TreatmentSeen,
  target: object,
): Promise<TreatmentSeen> {
  return done<TreatmentSeen>(
    clinic.the('clinician'),
    { verb: 'planTreatment', wanted: TREATMENT },
    {
      ...{ treatmentId: treatment.id, version: treatment.version, targets: [target] },
      ...{ guidance: 'FLUOROSCOPY', approach: 'Prone, from behind.', anticoagulantPlan: 'Takes none.' },
      agents: [{ agentCode: 'LIDOCAINE', doseMg: 20, volumeMl: 1 }],
      aspects: ASPECTS.map((aspect) => ({ aspect, finding: 'NO_CONCERN' })),
      justification: 'Without X-rays nobody knows where the needle is.',
    },
  );
}

const OFFERS = `query ($filter: VisitOfferFilterInput!) {
  visitOffers(filter: $filter) { __typename
    ... on VisitOffers { offers { startsAt steps { startsAt resources { role resource { id } } } } whyNoOffer { message } }
    ... on Refusal { code message } } }`;

interface VisitOffersSeen {
  readonly offers?: readonly {
    readonly startsAt: string;
    readonly steps: readonly {
      readonly startsAt: string;
      readonly resources: readonly { readonly role: string; readonly resource: { readonly id: string } }[];
    }[];
  }[];
}

/** A visit in the procedure room for it, the best that is offered: when it begins. */
export async function bookBlock(clinic: TeamClinic, treatment: TreatmentSeen): Promise<string> {
  const reception = clinic.the('reception');
  const { id: treatmentId, version, patientId, referralId, kind: visitTypeCode } = treatment;
  const { id: requestId } = await done(
    reception,
    { verb: 'requestVisit', wanted: 'VisitRequest { id version }' },
    { patientId, referralId, visitTypeCode },
  );
  const filter = { visitTypeCode, patientId, requestId, limit: 1 };
  const { visitOffers } = await reception.ask<{ visitOffers: VisitOffersSeen }>(OFFERS, { filter });
  const offer = first(visitOffers.offers ?? [], `offer: ${JSON.stringify(visitOffers)}`);
  const steps = offer.steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));
  const { id: visitId } = await done(
    reception,
    { verb: 'bookVisit', wanted: 'Visit { id version }' },
    { visitTypeCode, patientId, requestId, steps },
  );
  await done(
    clinic.the('clinician'),
    { verb: 'bookTreatment', wanted: TREATMENT },
    { treatmentId, version, visitId },
  );
  return offer.startsAt;
}

const RECORD = { verb: 'recordConsent', wanted: 'ConsentRecord { id }' } as const;
const CONFIRM = { verb: 'confirmConsent', wanted: 'ConsentRecord { id }' } as const;

/** Told and asked, and asked again on the day: a "yes" to this procedure at these places. */
export async function consentTo(clinic: TeamClinic, treatment: TreatmentSeen): Promise<void> {
  const clinician = clinic.the('clinician');
  const { patientId, kind: procedureCode, targets } = treatment;
  const signatureDocumentId = await fileDocument(
    clinician,
    clinic.service.httpUrl,
    patientId,
    'CONSENT_FORM',
  );
  const target = first(targets, 'target');
  const place = { side: target.side, levels: [target.level?.replace('_', '/')] };
  const evidence = { signatureDocumentId };
  const answer = { givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT', evidence };
  const { id: recordId } = await done<{ id: string }>(clinician, RECORD, {
    ...{ ...answer, ...place, patientId, procedureCode, purpose: 'PROCEDURE', decision: 'GIVEN' },
    ...{ wordingVersion: 'team-1', locale: 'en-GB', capacity: 'HAS_CAPACITY' },
    capacityStatement: 'Understood it, kept it, weighed it and said it back.',
    told: {
      indication: 'Facet pain',
      risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
      options: [
        { option: 'Exercise', isDoingNothing: false },
        { option: 'Wait and see', isDoingNothing: true },
      ],
      leaflets: [{ title: 'Medial branch block', version: '3' }],
    },
  });
  await done(clinician, CONFIRM, { ...answer, ...place, recordId });
}

/** What is read out in the room; `wrong` reads another side from the mark on the skin. */
export function aPause(clinic: TeamClinic, treatment: TreatmentSeen, wrong: { readonly side?: string } = {}) {
  const places = treatment.targets.map(({ level, side }) => ({ level, side }));
  const marked = places.map((place) => ({ ...place, ...wrong }));
  return {
    ...{ treatmentId: treatment.id, planVersion: treatment.planVersion, isPatientConfirmed: true },
    heldAt: clinic.clock.now().toString(),
    presentIds: [clinic.the('clinician').accountId],
    presentNames: ['Nurse Grace Mbeki'],
    readings: [
      { source: 'CONSENT', places },
      { source: 'MARK', places: marked },
      { source: 'IMAGE', places },
      { source: 'PLAN', places },
    ],
    answers: ASPECTS.map((aspect) => ({ aspect, isSafe: true })),
  };
}

/** After a pause that found everything right: begun, and a quarter of an hour later done. */
export async function giveTreatment(
  clinic: TeamClinic,
  planned: TreatmentSeen,
  lesion: object = {},
): Promise<TreatmentSeen> {
  const clinician = clinic.the('clinician');
  const paused = await done<TreatmentSeen>(clinician, PAUSE, aPause(clinic, planned));
  const { id: treatmentId, version } = paused;
  const started = await done<TreatmentSeen>(clinician, START, { treatmentId, version });
  await clinic.clock.pass({ minutes: 15 });
  return done<TreatmentSeen>(
    clinician,
    { verb: 'recordTreatmentGiven', wanted: TREATMENT },
    {
      ...{ treatmentId, version: started.version, guidance: 'FLUOROSCOPY' },
      ...{ finishedAt: clinic.clock.now().toString(), doseAreaProductGyCm2: 0.42, fluoroscopySeconds: 24 },
      targets: started.targets.map(({ position }) => ({
        ...{ position, wasTreated: true, needle: '22G, 90 mm' },
        ...lesion,
      })),
      agents: [
        {
          agentCode: 'LIDOCAINE',
          concentrationMgMl: 20,
          volumeMl: 1,
          batchNumber: 'LX-4711',
          expiresOn: '2099-12-31',
        },
      ],
    },
  );
}

const DIARY = `painDiary { id judgement { verdict percentRelief followUp } proposals { id version kind status }
  entries { id version point status dueAt total } }`;

export interface DiarySeen {
  readonly judgement: {
    readonly verdict: string;
    readonly percentRelief: number;
    readonly followUp: string;
  } | null;
  readonly proposals: readonly {
    readonly id: string;
    readonly version: number;
    readonly kind: string;
    readonly status: string;
  }[];
  readonly entries: readonly {
    readonly id: string;
    readonly version: number;
    readonly point: string;
    readonly status: string;
    readonly dueAt: string;
    readonly total: number | null;
  }[];
}

/** The diary of a treatment that was done, once the system has opened it. */
export async function diaryOf(clinic: TeamClinic, treatmentId: string): Promise<DiarySeen> {
  const found: DiarySeen[] = [];
  await until(async () => {
    const { treatment } = await clinic
      .the('clinician')
      .ask<{ treatment: { painDiary: DiarySeen | null } }>(
        `query ($id: ID!) { treatment(id: $id) { ${DIARY} } }`,
        { id: treatmentId },
      );
    if (treatment.painDiary !== null) found.push(treatment.painDiary);
    return found.length > 0;
  });
  return first(found, 'diary');
}

/** A figure at a point, said and recorded when it is due. */
export async function sayAt(
  clinic: TeamClinic,
  treatmentId: string,
  point: string,
  total: number,
): Promise<void> {
  const { entries } = await diaryOf(clinic, treatmentId);
  const entry = first(
    entries.filter((one) => one.point === point),
    `point ${point}`,
  );
  await clinic.goTo(entry.dueAt);
  await done(
    clinic.the('reception'),
    { verb: 'recordDiaryEntry', wanted: 'PainDiary { id }' },
    {
      ...{ entryId: entry.id, version: entry.version, total, mode: 'TELEPHONE' },
      takenAt: clinic.clock.now().toString(),
    },
  );
}
