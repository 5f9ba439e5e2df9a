import type { BookScanInput } from '../../src/clinic/imaging/scan-booking.type.js';
import { codeOfReason, ScanCancelReason } from '../../src/clinic/imaging/scan-cancel-reason.rules.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { emptyTables } from './empty-tables.js';
import { makeLicences } from './exposures.factory.js';
import { makeLeadTimePolicy, makeResource } from './scheduling.factory.js';
import { makeProtocol, type StepWish } from './visits.factory.js';

// Where scans are done: the camera, the rooms and the people, and the kinds of scan with what every clinic has for them.

export const PROTOCOL = 'BONE_SPECT_CT';
export const EARLY = 'BONE_SPECT_CT_EARLY';

export interface Department {
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly technologistIds: readonly [string, string];
}

/** A camera with its scanner, a room, two technologists, the protocol and the lead times. */
export async function makeDepartment(database: Database, aeTitle = 'SPECTCT1'): Promise<Department> {
  const weekdays = ['08:00-18:00'] as const;
  const cameraId = await makeResource(database, 'CAMERA', { name: `Camera ${aeTitle}`, weekdays });
  const injectionRoomId = await makeResource(database, 'INJECTION_ROOM', { weekdays });
  const first = await makeResource(database, 'NUCLEAR_MEDICINE_TECHNOLOGIST', { weekdays });
  const second = await makeResource(database, 'NUCLEAR_MEDICINE_TECHNOLOGIST', { weekdays });
  await database.client.scanner.create({
    data: {
      name: `Scanner ${aeTitle}`,
      resourceId: cameraId,
      callingAETitles: [aeTitle],
      sourceAddresses: [],
      stationAETitle: aeTitle,
      stationName: aeTitle,
      modalities: ['NM'],
      responseCharacterSet: 'ISO_IR_192',
      ownStationByDefault: true,
      answersMax: 500,
    },
  });
  return { cameraId, injectionRoomId, technologistIds: [first, second] };
}

/** Takes away everything of imaging. */
export async function emptyImaging(database: Database): Promise<void> {
  await emptyTables(
    database,
    `worklist_entries, scan_bookings, scanners, span_claims, patient_presences, opening_hours, resources,
      imaging_protocols, visit_types, cancel_reasons, lead_time_policies, outbox_messages, referrals, visits, licences`,
  );
}

const INJECTION: StepWish = {
  name: 'Injection',
  durationMinutes: 15,
  needs: [
    { role: 'room', kind: 'INJECTION_ROOM' },
    { role: 'injector', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' },
  ],
};
const ACQUISITION: StepWish = {
  name: 'SPECT-CT',
  durationMinutes: 60,
  wait: [120, 180, 300],
  needs: [
    { role: 'camera', kind: 'CAMERA' },
    { role: 'operator', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' },
  ],
};
const ON_CAMERA: StepWish['needs'] = [
  { role: 'camera', kind: 'CAMERA', continuity: 'REQUIRED' },
  { role: 'early operator', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST', continuity: 'REQUIRED' },
];
const EARLY_STEPS: readonly StepWish[] = [
  {
    name: 'Injection and first pass',
    durationMinutes: 10,
    needs: [...ON_CAMERA, { role: 'injector', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' }],
  },
  { name: 'Blood pool', durationMinutes: 10, needs: ON_CAMERA },
  {
    ...ACQUISITION,
    needs: [{ role: 'camera', kind: 'CAMERA', continuity: 'REQUIRED' }, ...ACQUISITION.needs.slice(1)],
  },
];

/** The rows that every clinic has: the kinds of scan with their protocols, licences and policies, and why scans are cancelled. */
export async function makeReference(database: Database): Promise<void> {
  const { client } = database;
  const [ROLES, since] = [['RECEPTION', 'IMAGING'] as Role[], Temporal.PlainDate.from('2020-01-01')];
  await client.cancelReason.createMany({
    data: Object.values(ScanCancelReason).map((reason) => ({
      code: codeOfReason(reason),
      name: reason,
      allowedRoles: ROLES,
      needsComment: reason === 'OTHER',
    })),
    skipDuplicates: true,
  });
  for (const [code, name, steps] of [
    [PROTOCOL, 'Bone SPECT-CT', [INJECTION, ACQUISITION]],
    [EARLY, 'Bone SPECT-CT with early images', EARLY_STEPS],
  ] as const) {
    await client.imagingProtocol.create({
      data: {
        code,
        name,
        procedureDescription: name,
        source: 'for a test',
        effectiveFrom: dateFromPlainDate(since),
      },
    });
    const { count } = await client.visitType.createMany({
      data: [
        {
          code,
          name,
          modality: 'IN_PERSON',
          companion: 'SCAN',
          needsReferral: true,
          consentPurpose: 'IMAGING_TRACER_AND_XRAYS',
          isPublic: true,
          holdMinutes: 30,
          movesMax: 2,
          lateChangeHours: 48,
        },
      ],
      skipDuplicates: true,
    });
    if (count === 1) await makeProtocol(database, code, steps, since.toString());
    await makeLeadTimePolicy(database, code, { earliestDays: 7, targetDays: 14, latestDays: 60 });
  }
  await makeLicences(database, [PROTOCOL, EARLY]);
}

/** A visit at these instants with the department's first people. */
export function aVisit(
  department: Department,
  referralId: string,
  injectionStartsAt: string,
  scanStartsAt: string,
): BookScanInput {
  const [injector, scanner] = department.technologistIds;
  return {
    referralId,
    protocolCode: PROTOCOL,
    injectionStartsAt: Temporal.Instant.from(injectionStartsAt),
    scanStartsAt: Temporal.Instant.from(scanStartsAt),
    cameraId: department.cameraId,
    injectionRoomId: department.injectionRoomId,
    injectionTechnologistId: injector,
    scanTechnologistId: scanner,
  };
}
