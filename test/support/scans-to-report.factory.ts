import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/platform/database/database.service.js';
import type {
  ReferralPriority,
  ScanBookingStatus,
  VisitStatus,
} from '../../src/platform/database/generated/enums.js';
import { dateFromInstant, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import type { FixedClock } from './fixed-clock.js';
import { makePatient, patientServiceOn } from './patients.factory.js';

const PROTOCOL = 'BONE_SPECT_CT';
const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

const VISIT_STATUS: Record<ScanBookingStatus, VisitStatus> = {
  BOOKED: 'BOOKED',
  IN_PROGRESS: 'IN_PROGRESS',
  UNCONFIRMED: 'IN_PROGRESS',
  COMPLETED: 'COMPLETED',
  DISCONTINUED: 'DISCONTINUED',
  CANCELLED: 'CANCELLED',
  NO_SHOW: 'NO_SHOW',
};

export interface ScanWish {
  readonly status?: ScanBookingStatus;
  readonly priority?: ReferralPriority;
  /** When the acquisition ended, or is to end; three hours after the injection began. */
  readonly endsAt?: string;
  readonly patientId?: string;
  /** In the directory; null: the patient referred themselves. Left out: named on the referral alone. */
  readonly referrerId?: string | null;
  readonly netActivityMbq?: number;
}

export interface MadeScan {
  readonly id: string;
  readonly patientId: string;
  readonly referralId: string;
}

/** A scan as the earlier rooms would have left it, whatever became of it. */
export async function makeScan(
  database: Database,
  clock: FixedClock,
  wish: ScanWish = {},
): Promise<MadeScan> {
  const { client } = database;
  const patientId = wish.patientId ?? (await makePatient(patientServiceOn(database, clock))).id;
  const places = await departmentOf(database);
  const status = wish.status ?? 'COMPLETED';
  const end = Temporal.Instant.from(wish.endsAt ?? clock.now().toString());
  const before = (hours: number) => dateFromInstant(end.subtract({ minutes: hours * 60 }));
  const referralId = await makeReferral(database, patientId, wish);
  const [startsAt, endsAt] = [before(3), dateFromInstant(end)];
  const isBegun = !['BOOKED', 'CANCELLED', 'NO_SHOW'].includes(status);
  const isOver = status === 'COMPLETED' || status === 'DISCONTINUED';
  const booked = { bookedAt: SINCE, bookedById: randomUUID(), changedAt: SINCE };
  const visit = await client.visit.create({
    data: {
      ...{
        patientId,
        visitTypeCode: PROTOCOL,
        companion: 'SCAN',
        protocolId: places.visitProtocolId,
        startsAt,
        endsAt,
      },
      ...booked,
      status: VISIT_STATUS[status],
      ...(isBegun ? { arrivedAt: startsAt, startedAt: startsAt } : {}),
      ...(isOver ? { finishedAt: endsAt } : {}),
      ...(status === 'DISCONTINUED' ? { discontinuedBecause: 'For a test' } : {}),
      ...(status === 'CANCELLED' ? { cancelledAt: SINCE, cancelReasonCode: 'FOR_A_TEST' } : {}),
    },
  });
  await client.scanBooking.create({
    data: {
      ...{ id: visit.id, patientId, referralId, protocolId: places.protocolId, status, ...booked },
      ...{ cameraId: places.cameraId, injectionRoomId: places.injectionRoomId },
      ...{ injectionTechnologistId: places.technologistId, scanTechnologistId: places.technologistId },
      studyInstanceUID: `2.25.${BigInt(`0x${visit.id.replaceAll('-', '')}`)}`,
      ...{
        injectionStartsAt: startsAt,
        injectionEndsAt: before(2.75),
        scanStartsAt: before(1),
        scanEndsAt: endsAt,
      },
      startedAt: isBegun ? before(1) : null,
      endedAt: isOver ? endsAt : null,
      ...(wish.netActivityMbq === undefined
        ? {}
        : {
            ...{ injectedAt: startsAt, netActivityMbq: wish.netActivityMbq },
            ...{ tracerName: 'Tc-99m oxidronate', halfLifeHours: 6.0067 },
          }),
    },
  });
  return { id: visit.id, patientId, referralId };
}

async function makeReferral(
  database: Database,
  patientId: string,
  { priority, referrerId }: ScanWish,
): Promise<string> {
  const { id } = await database.client.referral.create({
    data: {
      ...{ patientId, source: 'GP', priority: priority ?? 'ROUTINE', status: 'ACCEPTED' },
      referrerId: referrerId ?? null,
      ...(referrerId === null
        ? {}
        : { referrerName: 'Dr Amelia Hart', referrerOrganisation: 'Harbour Practice' }),
      clinicalQuestion: 'Which facet joint is active?',
      ...{ receivedOn: SINCE, recordedAt: SINCE, recordedById: randomUUID() },
      ...{ decidedAt: SINCE, decidedById: randomUUID() },
    },
  });
  return id;
}

interface Places {
  readonly visitProtocolId: string;
  readonly protocolId: string;
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly technologistId: string;
}
const departments = new WeakMap<Database, Promise<Places>>();

/** One department for each database. */
function departmentOf(database: Database): Promise<Places> {
  const known = departments.get(database) ?? makeDepartment(database);
  departments.set(database, known);
  return known;
}

async function makeDepartment({ client }: Database): Promise<Places> {
  const kinds = ['CAMERA', 'INJECTION_ROOM', 'NUCLEAR_MEDICINE_TECHNOLOGIST'] as const;
  const [cameraId = '', injectionRoomId = '', technologistId = ''] = await Promise.all(
    kinds.map(
      async (kind) => (await client.resource.create({ data: { kind, name: `${kind} for reports` } })).id,
    ),
  );
  const name = 'Bone SPECT-CT';
  await client.cancelReason.createMany({
    data: [{ code: 'FOR_A_TEST', name: 'For a test', allowedRoles: ['IMAGING'], needsComment: false }],
    skipDuplicates: true,
  });
  await client.visitType.createMany({
    data: [
      {
        ...{
          code: PROTOCOL,
          name,
          modality: 'IN_PERSON',
          companion: 'SCAN',
          needsReferral: true,
          isPublic: true,
        },
        ...{ holdMinutes: 30, movesMax: 2, lateChangeHours: 48 },
      },
    ],
    skipDuplicates: true,
  });
  const source = 'for a test';
  const visitProtocol = await client.visitProtocol.create({
    data: { visitTypeCode: PROTOCOL, effectiveFrom: SINCE, startStepMinutes: 5, source },
  });
  const protocol = await client.imagingProtocol.create({
    data: { code: PROTOCOL, name, procedureDescription: name, source, effectiveFrom: SINCE },
  });
  return {
    ...{ visitProtocolId: visitProtocol.id, protocolId: protocol.id },
    ...{ cameraId, injectionRoomId, technologistId },
  };
}
