import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import {
  type Answer,
  type DemoRole,
  GraphqlClient,
  type SignedInClient,
  signInAs,
} from '../support/graphql.js';
import { openLive } from '../support/live.js';
import { holdMeeting } from './decisions.js';
import {
  assessedIncident,
  imagingRequestOf,
  keepInjection,
  performScan,
  receiveBatch,
  reportScan,
  supplierOf,
} from './exposures.js';
import {
  askForCopy,
  fileDocument,
  openAdviceThread,
  recordVoicemail,
  registerEnquiry,
  registerReferrer,
  registerSecondPatient,
  startDryRun,
} from './first-contact.js';
import { beginSeries, bringBeforeTeam } from './meetings.js';
import { beginNote, practise } from './notes.js';
import {
  leaves,
  type Manner,
  NOBODY,
  OPERATIONS,
  type Operation,
  type Request,
  requestFor,
  SUBSCRIPTIONS,
  type Values,
} from './operations.js';
import {
  bookPhysiotherapy,
  bookTwoWeeks,
  closeForAnHour,
  leavePlace,
  requestPhysiotherapy,
} from './ordinary-visits.js';
import { answerRiskily } from './outcomes.js';
import { treatWithRelief } from './responses.js';
import { stateOf, workIsDone } from './tables.js';
import { teamValues } from './team-values.js';
import { askForTreatment } from './treatments.js';
import { type Booking, book, findOffers, first, referralOf, toVisit } from './visits.js';

// What holds for every operation of the schema: who may call it, that its second run is as its first (the executor
// compiles it then), and that no value that can be written makes it break.

const house = facetHouse();
const ROLES: readonly DemoRole[] = ['reception', 'clinician', 'imaging', 'mdt', 'manager', 'admin'];
/** The one operation for people who are not signed in, and those that are about one's own session. */
const OPEN = ['signIn'];
const ABOUT_ONESELF = ['signOut', 'currentStaff'];

/** A Tuesday on which nobody has booked anything yet. */
const FAR_AWAY = { startsAt: '2027-01-12T10:00:00Z', endsAt: '2027-01-12T11:00:00Z' };

let service: RunningService;
let databaseUrl: string;
let scannerId = '';
let visitId = '';
let visitRequestId = '';
let seriesId = '';
let freedPlaceId = '';
let closureId = '';
let booking: Booking;
/** Ids of what there is of the other rooms, by the name of the query that reads one. */
let others: Readonly<Record<string, string>> = {};
let letterId = '';
/** What a clinician is writing. */
let writing = { noteId: '', sectionId: '' };
/** A scan that is over, injected and reported. */
let reported: Booking;
let supplierId = '';
let otherPatientId = '';
/** What operations of the team and its treatments ask, by their names. */
let ofTeam: Readonly<Record<string, Values>> = {};
const clients = new Map<DemoRole, SignedInClient>();
let values: Values;

const as = (role: DemoRole): SignedInClient => {
  const client = clients.get(role);
  if (client === undefined) throw new Error(`${role} is not signed in`);
  return client;
};
const send = (client: GraphqlClient, { query, variables }: { query: string; variables: object }) =>
  client.send(query, variables);
const codesOf = (answer: Answer): string[] => answer.errors.map(({ extensions }) => extensions.code);

beforeAll(async () => {
  service = await house.start(await house.newHome());
  databaseUrl = embeddedDatabaseUrl(service.home);
  for (const role of ROLES) clients.set(role, await signInAs(service, role));
  const { id, patient } = await referralOf(as('reception'), 'Brontë-Hale');
  const { offers } = await findOffers(as('reception'), id);
  const offer = first(offers, 'offer');
  booking = await book(as('reception'), id, toVisit(offer));
  const { scanners } = await as('reception').ask<{ scanners: { id: string }[] }>('{ scanners { id } }');
  scannerId = scanners[0]?.id ?? '';
  visitRequestId = await requestPhysiotherapy(as('reception'), patient.id);
  visitId = await bookPhysiotherapy(as('reception'), patient.id, visitRequestId);
  seriesId = await bookTwoWeeks(as('reception'), patient.id);
  freedPlaceId = await leavePlace(as('reception'), patient.id);
  closureId = await closeForAnHour(as('manager'), offer.camera.id, FAR_AWAY);
  otherPatientId = await registerSecondPatient(as('reception'));
  await makeExposures();
  others = {
    ...others,
    referrer: await registerReferrer(as('reception')),
    enquiry: await registerEnquiry(as('reception')),
    callBack: await recordVoicemail(as('reception')),
    adviceThread: await openAdviceThread(as('clinician')),
    document: await fileDocument(as('reception'), service.httpUrl, patient.id),
    subjectAccessRequest: await askForCopy(as('manager'), patient.id),
    destructionRun: await startDryRun(as('manager')),
  };
  await makeTeam({ patientId: patient.id, referralId: id });
  values = {
    referralId: id,
    patientId: patient.id,
    resourceId: offer.camera.id,
    search: 'Bront',
    year: 2027,
  };
  await workIsDone(databaseUrl);
  const { scanBooking } = await as('reception').ask<{ scanBooking: { letters: { id: string }[] } }>(
    'query L($id: ID!) { scanBooking(id: $id) { letters { id } } }',
    { id: booking.id },
  );
  letterId = first(scanBooking.letters, 'letter').id;
});

/** What is there once somebody is exposed. */
async function makeExposures(): Promise<void> {
  const clinician = as('clinician');
  supplierId = await supplierOf(clinician);
  const tracerBatch = await receiveBatch(as('imaging'), supplierId);
  reported = await performScan(service, as('reception'), 'Marsh');
  await reportScan(clinician, reported.id);
  const visit = { patientId: reported.patientId, visitId: reported.id };
  const injection = { visitId: reported.id, batchId: tracerBatch, operatorId: as('imaging').accountId };
  others = {
    tracerBatch,
    administration: await keepInjection(databaseUrl, injection),
    imagingRequest: await imagingRequestOf(clinician, reported.referralId),
    incident: await assessedIncident({ raiser: as('imaging'), assessor: as('manager') }, visit),
  };
}

/** What there is once the team has met, and somebody was treated. */
async function makeTeam(person: { readonly patientId: string; readonly referralId: string }): Promise<void> {
  const [clinician, manager, admin] = [as('clinician'), as('manager'), as('admin')];
  const answered = await answerRiskily(clinician, person.patientId);
  const treatment = await askForTreatment(clinician, person);
  const unwantedTreatmentId = await askForTreatment(clinician, person);
  const brought = await bringBeforeTeam(clinician, person);
  writing = await beginNote(admin, clinician, person.patientId);
  const { patientId, referralId } = reported;
  const signatureDocumentId = await fileDocument(as('reception'), service.httpUrl, patientId);
  const scanned = { patientId, referralId };
  const treated = await treatWithRelief({ clinician, manager }, databaseUrl, {
    ...{ person: scanned, signatureDocumentId },
  });
  const team = { admin, chair: clinician, checker: as('mdt') };
  const sitting = await holdMeeting(team, [scanned, person]);
  others = {
    ...{ ...others, ...answered, ...brought, treatment, clinicalNote: writing.noteId },
    caseDecision: sitting.decisionId,
    decisionAction: sitting.actionId,
  };
  ofTeam = teamValues({
    ...{ ...answered, treated, sitting, person: scanned, scanBookingId: reported.id },
    ...{
      treatmentId: treatment,
      unwantedTreatmentId,
      clinicianId: clinician.accountId,
      colleagueId: as('mdt').accountId,
    },
    ...{ meetingId: brought.meeting, caseId: brought.meetingCase },
    ...(await beginSeries(clinician, otherPatientId)),
    disciplineId: await practise(admin, as('imaging').accountId, 'RADIOLOGY'),
  });
}

/** What operations of the same argument's name ask of different things. */
function valuesOf(name: string): Values {
  const injectedOn = booking.injectionLocal.date;
  const ofName: Readonly<Record<string, Values>> = {
    consentInForce: { purpose: 'PROCEDURE', 'procedure.procedureCode': 'PHYSIOTHERAPY' },
    cumulativeSteroidDose: { until: '2026-12-31T00:00:00Z' },
    decayedActivity: { radionuclide: 'Tc-99m' },
    doseOrderSheet: { supplierId, heldOn: injectedOn },
    incidentExtract: { incidentId: others.incident },
    plannedDose: { visitId: booking.id },
    plannedDoses: { on: injectedOn },
    scanReport: { scanBookingId: reported.id },
    visitChecks: { visitId: booking.id },
  };
  return ofName[name] ?? ofTeam[name] ?? {};
}

/** Ids of things that are there, under the names that each operation has for them. */
function realValues({ name }: Operation): Values {
  const ids: Readonly<Record<string, unknown>> = {
    patient: values.patientId,
    referral: values.referralId,
    scanBooking: booking.id,
    scanner: scannerId,
    visit: visitId,
    visitRequest: visitRequestId,
    visitSeries: seriesId,
    freedPlace: freedPlaceId,
    closure: closureId,
    staffSessions: as('reception').accountId,
    ...others,
  };
  const own = name in ids ? { id: ids[name], accountId: ids[name] } : {};
  return {
    ...values,
    'filter.patientId': values.patientId,
    'filter.visitTypeCode': 'PHYSIOTHERAPY',
    'filter.count': 2,
    'input.endsAt': '2026-12-01T11:00:00Z',
    'input.resourceIds': [values.resourceId],
    siteCode: 'MAIN',
    freedPlaceId,
    visitTypeCode: 'PHYSIOTHERAPY',
    code: 'PHYSIOTHERAPY',
    visitId,
    requestId: visitRequestId,
    until: '2026-12-31',
    scanBookingId: booking.id,
    scannerId,
    enquiryId: others.enquiry,
    runId: others.destructionRun,
    treatmentId: others.treatment,
    ...writing,
    letterId,
    keepId: values.patientId,
    mergeId: otherPatientId,
    subjectType: 'patient',
    subjectId: values.patientId,
    'input.incidentId': others.incident,
    'input.batchId': others.tracerBatch,
    'input.administrationId': others.administration,
    'input.supplierId': supplierId,
    'input.tracerCode': 'TC99M_MDP',
    ...valuesOf(name),
    ...own,
  };
}

describe('somebody who is not signed in', () => {
  it.each(
    OPERATIONS.filter(({ name }) => !OPEN.includes(name)).map(
      (operation) => [operation.name, operation] as const,
    ),
  )('is refused %s', async (_, operation) => {
    const answer = await send(
      new GraphqlClient(service.httpUrl),
      requestFor(operation, 'left out', realValues(operation)),
    );
    expect(answer.data?.[operation.name] ?? null).toBeNull();
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  });
});

describe.each(ROLES)('%s', (role) => {
  it('may do what its permissions say, and is refused the rest before anything is looked up', async () => {
    const { currentStaff } = await as(role).ask<{ currentStaff: { permissions: string[] } }>(
      '{ currentStaff { permissions } }',
    );
    const wrong: string[] = [];
    for (const operation of OPERATIONS) {
      if (OPEN.includes(operation.name) || ABOUT_ONESELF.includes(operation.name)) continue;
      expect(operation.needs, operation.name).not.toBeNull();
      const mayCall = currentStaff.permissions.includes(operation.needs ?? '');
      // Values of the right type that mean nothing: no id of something, so that nothing comes of it.
      if (operation.kind === 'mutation' && mayCall) continue;
      const codes = codesOf(await send(as(role), requestFor(operation)));
      if (codes.includes('FORBIDDEN') === mayCall) wrong.push(`${operation.name}: ${codes}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('an MDT member', () => {
  it('is refused every mutation that is not the team’s or the word of an incident, and changes nothing', async () => {
    const { currentStaff } = await as('mdt').ask<{ currentStaff: { permissions: string[] } }>(
      '{ currentStaff { permissions } }',
    );
    const before = await stateOf(databaseUrl);
    for (const operation of OPERATIONS) {
      if (operation.kind !== 'mutation' || [...OPEN, ...ABOUT_ONESELF].includes(operation.name)) continue;
      // The matrix of permissions says by hand which these are.
      if (currentStaff.permissions.includes(operation.needs ?? '')) continue;
      const answer = await send(as('mdt'), requestFor(operation, 'all given', realValues(operation)));
      expect([operation.name, answer.data, codesOf(answer)]).toEqual([operation.name, null, ['FORBIDDEN']]);
    }
    expect(await stateOf(databaseUrl)).toEqual(before);
  });

  it.each([
    ['a booking', '{ scanBooking(id: $id) { ...B } }'],
    ['the list of bookings', '{ scanBookings { items { ...B } } }'],
    ['a booking’s patient', '{ scanBooking(id: $id) { patient { scanBookings { ...B } } } }'],
    ['a booking’s referral', '{ scanBooking(id: $id) { referral { patient { scanBookings { ...B } } } } }'],
    ['a search', '{ patients(search: "Bront", page: { size: 5 }) { items { scanBookings { ...B } } } }'],
    ['a referral', '{ referrals(page: { size: 5 }) { items { patient { scanBookings { ...B } } } } }'],
  ])('does not reach the letters from %s', async (_, path) => {
    const declared = path.includes('$id') ? '($id: ID!)' : '';
    const query = (fields: string) => `query Walk${declared} ${path} fragment B on ScanBooking { ${fields} }`;
    const variables = { id: booking.id };
    const seen = await as('mdt').send(query('id patientId'), variables);
    expect(seen.errors).toEqual([]);
    expect(seen.text).toContain(booking.id);
    for (const field of ['letters { id status }', 'imagingConsentInForce']) {
      const refused = await as('mdt').send(query(`id ${field}`), variables);
      expect([field, new Set(codesOf(refused))]).toEqual([field, new Set(['FORBIDDEN'])]);
      const allowed = await as('reception').send(query(`id ${field}`), variables);
      expect([field, codesOf(allowed)]).toEqual([field, []]);
    }
  });

  it('cannot tell what is there from what is not, where nothing may be seen', async () => {
    const cancel =
      'mutation C($id: ID!) { cancelScan(input: { scanBookingId: $id, reason: PATIENT_REQUEST }) { __typename } }';
    const standing =
      'query C($id: ID!) { consentInForce(patientId: $id, purpose: PRIVACY_NOTICE) { state } }';
    for (const [query, id] of [
      [cancel, booking.id],
      [standing, booking.patientId],
    ] as const) {
      const there = await as('mdt').fault(query, { id });
      const notThere = await as('mdt').fault(query, { id: NOBODY });
      expect(there.extensions.code).toBe('FORBIDDEN');
      expect([there.message, there.extensions.code]).toEqual([notThere.message, notThere.extensions.code]);
    }
  });
});

describe('what is not there', () => {
  it.each(['patient', 'referral', 'scanBooking', 'incident'])('has one answer for every %s', async (name) => {
    const query = `query One($id: ID!) { ${name}(id: $id) { id } }`;
    const unknown = await as('reception').fault(query, { id: NOBODY });
    const another = await as('mdt').fault(query, { id: '11111111-1111-4111-8111-111111111111' });
    expect(unknown.extensions.code).toBe('NOT_FOUND');
    expect(unknown.message).toMatch(/no such .+, or you may not see it/);
    expect(another.message).toBe(unknown.message);
    const malformed = await as('reception').fault(query, { id: '../../etc' });
    expect(malformed.extensions.code).toMatch(/NOT_FOUND|BAD_INPUT/);
  });
});

/** What a clinician may not read, and who may. */
const READS_BY_ROLE: Readonly<Record<string, DemoRole>> = {
  READ_AUDIT: 'admin',
  MANAGE_STAFF: 'admin',
  MANAGE_SCHEDULE: 'manager',
  MANAGE_TRIAGE: 'manager',
  MANAGE_ENQUIRIES: 'manager',
  MERGE_PATIENTS: 'admin',
  READ_RECORDS: 'manager',
  EXPORT_PATIENT: 'manager',
  READ_REPORT: 'manager',
  RESEND_LETTER: 'reception',
  MANAGE_CONSENT: 'manager',
  MANAGE_ENTITLEMENTS: 'manager',
  MANAGE_VETTING: 'manager',
  MANAGE_RADIOPHARMACY: 'manager',
  MANAGE_CHECKS: 'manager',
  MANAGE_GATES: 'manager',
  MANAGE_REPORTING: 'manager',
  MANAGE_INCIDENTS: 'manager',
  MANAGE_OUTCOMES: 'manager',
};

/** Whoever may do these may not read all that they lead to: they are asked for the smallest answer only. */
const LEADS_TO_MORE: ReadonlySet<string> = new Set(['MERGE_PATIENTS']);

const MANNERS: readonly Manner[] = ['left out', 'declared but not given', 'empty', 'all given'];

describe.each(
  OPERATIONS.filter(({ kind }) => kind === 'query').map((operation) => [operation.name, operation] as const),
)('the query %s', (_, operation) => {
  it.each(MANNERS)('is the same the second and third time, with what is optional %s', async (manner) => {
    // Reception sees neither what was injected nor what was found, which much else leads to.
    const role = READS_BY_ROLE[operation.needs ?? ''] ?? 'clinician';
    const leadsToMore = LEADS_TO_MORE.has(operation.needs ?? '');
    for (const selection of leadsToMore ? (['smallest'] as const) : (['smallest', 'everything'] as const)) {
      const request = requestFor(operation, manner, realValues(operation), selection);
      const answers: Answer[] = [];
      for (let run = 1; run <= 3; run += 1) answers.push(await send(as(role), request));
      const codes = answers.map(codesOf);
      expect([request.query.slice(0, 200), codes]).toEqual([
        request.query.slice(0, 200),
        [codes[0], codes[0], codes[0]],
      ]);
      expect(codes.flat()).not.toContain('INTERNAL');
      // With every filter given there may be nothing to find, and all that there is may be more than is allowed at once.
      const mayBeRefused = manner === 'all given' || answers[0]?.text.includes('objects');
      if (!mayBeRefused)
        expect([request.query.slice(0, 200), codes[0]]).toEqual([request.query.slice(0, 200), []]);
      // Looking is recorded, so what shows the record grows by it.
      if (operation.name === 'auditEntries') continue;
      expect(stable(answers[1]?.data)).toEqual(stable(answers[0]?.data));
      expect(stable(answers[2]?.data)).toEqual(stable(answers[0]?.data));
    }
  });
});

/** When somebody was last seen, what is left of a tracer at the moment, and what somebody was given up to it. */
const MOVED_ON_BY_A_CLOCK: readonly string[] = ['lastSeenAt', 'stock', 'cumulativeSteroidDose'];

function stable(data: unknown): unknown {
  const without = (key: string, value: unknown) => (MOVED_ON_BY_A_CLOCK.includes(key) ? null : value);
  return JSON.parse(JSON.stringify(data ?? null, without));
}

const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  String: [
    '',
    ' ',
    'a\u0000b',
    '\ud800',
    "'; DROP TABLE patients; --",
    '%_\\',
    'x'.repeat(20_000),
    '\u202e\ufeff',
    '$1 {{x}}',
  ],
  ID: ['', '0', 'a\u0000b', `${NOBODY} `, NOBODY.toUpperCase(), '💉', 'x'.repeat(20_000)],
  Int: [0, -1, 2_147_483_647, -2_147_483_648],
  Float: [0, -1, -0.000_001, 5e-324, 1e21, Number.MAX_VALUE, -Number.MAX_VALUE],
  LocalDate: ['1850-01-01', '2200-12-31', '2026-02-30', '2026-1-1', '+002026-01-01', 'a\u0000'],
  Instant: [
    '1850-01-01T00:00:00Z',
    '2200-12-31T23:59:59.999Z',
    '2026-06-30T23:59:60Z',
    'a\u0000',
    '2026-12-01T10:00:00+25:00',
  ],
};

/** Cursors of no list, of another list, and of places that cannot be. */
const CURSORS: readonly string[] = [
  ['x'],
  ['\u0000'],
  ['x', 'y'],
  ['2026-01-01', NOBODY],
  ['9999999', 'y'],
  [],
  [1],
  {},
].map((keys) => Buffer.from(JSON.stringify(keys)).toString('base64url'));

describe.each(OPERATIONS.map((operation) => [`${operation.kind} ${operation.name}`, operation] as const))(
  '%s',
  (_, operation) => {
    it('answers whatever is written into it', async () => {
      // Sign-in would lock the account, and sign-out would end the session.
      if (operation.name === 'signOut') return;
      const role = ROLES.find((one) => permissionsOf.get(one)?.includes(operation.needs ?? '')) ?? 'admin';
      const broken: string[] = [];
      for (const leaf of leaves(operation)) {
        for (const value of [...(HOSTILE[leaf.type] ?? []), ...(leaf.path === 'page.after' ? CURSORS : [])]) {
          const request = requestFor(operation, 'all given', {
            ...realValues(operation),
            [leaf.path]: value,
          });
          const answer = await send(as(role), request);
          if (codesOf(answer).includes('INTERNAL') || answer.httpStatus >= 500) {
            broken.push(`${leaf.path} = ${JSON.stringify(value).slice(0, 40)}`);
          }
        }
      }
      expect(broken).toEqual([]);
    });
  },
);

const permissionsOf = new Map<DemoRole, readonly string[]>();

beforeAll(async () => {
  for (const role of ROLES) {
    const { currentStaff } = await as(role).ask<{ currentStaff: { permissions: string[] } }>(
      '{ currentStaff { permissions } }',
    );
    permissionsOf.set(role, currentStaff.permissions);
  }
});

/** Longer than it takes to begin, or to refuse, a subscription. */
const BEGINNING_MS = 500;

/** The codes with which a subscription does not begin; none when it does. */
async function beginning(client: GraphqlClient, { query, variables }: Request): Promise<string[]> {
  const live = await openLive(service.httpUrl);
  await live.init(client.token);
  live.subscribe(query, variables);
  const message = await Promise.race([live.next(), pause(BEGINNING_MS, null)]);
  live.socket.terminate();
  if (message?.type !== 'error') return [];
  return (message.payload as Answer['errors']).map(({ extensions }) => extensions.code);
}

describe.each(SUBSCRIPTIONS.map((operation) => [operation.name, operation] as const))(
  'the subscription %s',
  (_, operation) => {
    it('begins for nobody who is not signed in', async () => {
      await expect(beginning(new GraphqlClient(service.httpUrl), requestFor(operation))).rejects.toThrow(
        /4403/,
      );
    });

    it('begins for those whose permissions say so', async () => {
      for (const role of ROLES) {
        const mayListen = permissionsOf.get(role)?.includes(operation.needs ?? '') ?? false;
        for (const manner of MANNERS) {
          const codes = await beginning(as(role), requestFor(operation, manner, {}, 'everything'));
          expect([role, manner, codes]).toEqual([role, manner, mayListen ? [] : ['FORBIDDEN']]);
        }
      }
    });

    it('answers whatever is written into it', async () => {
      const broken: string[] = [];
      for (const leaf of leaves(operation)) {
        for (const value of HOSTILE[leaf.type] ?? []) {
          const request = requestFor(operation, 'all given', { [leaf.path]: value });
          const shown = `${leaf.path} = ${JSON.stringify(value).slice(0, 40)}`;
          // What is too long for any screen ends the connection.
          const codes = await beginning(as('reception'), request).catch(() => ['ENDED']);
          if (codes.includes('INTERNAL') || (codes.includes('ENDED') && String(value).length < 1_000)) {
            broken.push(shown);
          }
        }
      }
      expect(broken).toEqual([]);
    });

    it('is not served over HTTP', async () => {
      const answer = await send(as('reception'), requestFor(operation));
      expect([answer.data, codesOf(answer)]).toEqual([null, ['BAD_INPUT']]);
    });
  },
);

describe('a variable that is left out', () => {
  it.each([
    [
      'inside an object with a default',
      'query V($size: Int) { referrals(page: { size: $size }) { items { id } } }',
    ],
    [
      'of a filter',
      'query V($statuses: [ReferralStatus!]) { referrals(filter: { statuses: $statuses }) { items { id } } }',
    ],
    [
      'with its own default',
      'query V($page: PageInput! = { size: 1 }) { referrals(page: $page) { items { id } } }',
    ],
    [
      'of a directive',
      'query V($brief: Boolean! = true) { referrals { items { id status @skip(if: $brief) } } }',
    ],
  ])('%s means the same each time', async (_, query) => {
    const answers: Answer[] = [];
    for (let run = 1; run <= 3; run += 1) answers.push(await as('reception').send(query));
    expect(answers.map(codesOf)).toEqual([[], [], []]);
    expect(answers.map(({ data }) => data)).toEqual([answers[0]?.data, answers[0]?.data, answers[0]?.data]);
  });
});

describe('introspection', () => {
  it('shows the schema that is written down, to whoever asks', async () => {
    const query =
      '{ __schema { queryType { ...F } mutationType { ...F } subscriptionType { ...F } } } fragment F on __Type { fields { name } }';
    const { __schema } = await new GraphqlClient(service.httpUrl).ask<{
      __schema: Record<'queryType' | 'mutationType' | 'subscriptionType', { fields: { name: string }[] }>;
    }>(query);
    const names = Object.values(__schema).flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(names.sort()).toEqual([...OPERATIONS, ...SUBSCRIPTIONS].map(({ name }) => name).sort());
  });
});
