import { v7 as newId } from 'uuid';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { Actor } from '../../src/clinic/audit/audit.type.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { Activity } from '../../src/clinic/radiopharmacy/activity.type.js';
import { BatchService } from '../../src/clinic/radiopharmacy/batch.service.js';
import type { ReceiveBatchInput, TracerBatch } from '../../src/clinic/radiopharmacy/batch.type.js';
import { BatchKeepingService } from '../../src/clinic/radiopharmacy/batch-keeping.service.js';
import { BatchReceptionService } from '../../src/clinic/radiopharmacy/batch-reception.service.js';
import { DoseOrderService } from '../../src/clinic/radiopharmacy/dose-order.service.js';
import { DoseOrderLineService } from '../../src/clinic/radiopharmacy/dose-order-line.service.js';
import { DoseOrderRecordService } from '../../src/clinic/radiopharmacy/dose-order-record.service.js';
import { DoseOrderSheetService } from '../../src/clinic/radiopharmacy/dose-order-sheet.service.js';
import { DosePlanService, type WantedDose } from '../../src/clinic/radiopharmacy/dose-plan.service.js';
import { DoseProtocolService } from '../../src/clinic/radiopharmacy/dose-protocol.service.js';
import { DosedVisits } from '../../src/clinic/radiopharmacy/dosed-visits.service.js';
import { OutdatedDoseService } from '../../src/clinic/radiopharmacy/outdated-dose.service.js';
import { PlannedDoseService } from '../../src/clinic/radiopharmacy/planned-dose.service.js';
import { RadionuclideService } from '../../src/clinic/radiopharmacy/radionuclide.service.js';
import { SupplierService } from '../../src/clinic/radiopharmacy/supplier.service.js';
import { SupplierChangeService } from '../../src/clinic/radiopharmacy/supplier-change.service.js';
import { WastedDoseService } from '../../src/clinic/radiopharmacy/wasted-dose.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database, Tx } from '../../src/platform/database/database.service.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, dateFromInstant, instantFromDate, Temporal } from '../../src/platform/time/index.js';
import { readSeed } from '../../src/reference-data.js';
import { loadRadiopharmacy, type RadiopharmacyData } from '../../src/reference-radiopharmacy.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';
import { makeVisitType } from './visit-types.factory.js';

export const BONE_SCAN = 'BONE_SPECT_CT';
export const MDP = 'TC99M_MDP';

/** The room on a test's database. */
export function radiopharmacyOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const calendar = new CalendarService(database, clock, config, audit);
  const patients = patientServiceOn(database, clock);
  const outbox = new Outbox(clock);
  const radionuclides = new RadionuclideService(database, clock, config, audit, outbox);
  const protocols = new DoseProtocolService(database, clock, config, audit, radionuclides, outbox);
  const suppliers = new SupplierService(database, config, calendar);
  const changes = new SupplierChangeService(database, clock, config, audit, suppliers, outbox);
  const plans = new DosePlanService(config, patients, protocols, suppliers);
  const lines = new DoseOrderLineService();
  const wasted = new WastedDoseService(database, clock, audit);
  const doses = new PlannedDoseService(database, clock, audit, plans, lines, wasted);
  const records = new DoseOrderRecordService(clock, audit, outbox);
  const visits = new DosedVisits();
  const known = new Map<string, KnownOfVisit>();
  visits.register({ refollow: (tx, actor, visitId) => refollow(doses, known, tx, actor, visitId) });
  const outdated = new OutdatedDoseService(database, clock, visits);
  const orders = new DoseOrderService(database, clock, lines, records, outdated, wasted);
  const sheets = new DoseOrderSheetService(database, clock, config, audit, doses);
  const batches = new BatchService(database, clock, audit);
  const reception = new BatchReceptionService(database, clock, config, audit, protocols, radionuclides);
  const keeping = new BatchKeepingService(database, clock, audit, batches);
  return {
    ...{ database, clock, calendar, patients, radionuclides, protocols, suppliers, changes, doses },
    ...{ orders, sheets, wasted, batches, reception, keeping, outdated, known },
  };
}

/** What the room that books visits would know of one by now; what is left out is as it was. */
export type KnownOfVisit = Partial<Pick<WantedDose, 'weightKg' | 'activityMbq'>>;

/** Stands in for the room that books visits: they are as their doses say, but for what a test knows better. */
async function refollow(
  doses: PlannedDoseService,
  known: ReadonlyMap<string, KnownOfVisit>,
  tx: Tx,
  actor: Actor,
  visitId: string,
): Promise<void> {
  const row = await tx.plannedDose.findUniqueOrThrow({ where: { visitId }, include: { visit: true } });
  const { procedureCode, siteCode, weightKg } = row;
  await doses.follow(tx, actor, {
    ...{ visitId, patientId: row.visit.patientId, procedureCode, siteCode, weightKg },
    injectionAt: instantFromDate(row.injectionAt),
    activityMbq: row.basis === 'DECIDED' ? row.plannedActivityMbq : null,
    ...known.get(visitId),
  });
}

export type RadiopharmacyRoom = ReturnType<typeof radiopharmacyOn>;

/** The two bone scans as kinds of visits, what a clinic begins with, and the bank holidays of these years. */
export async function makeRadiopharmacy({ database, calendar }: RadiopharmacyRoom): Promise<string> {
  const steps = [{ durationMinutes: 30, needs: [] }];
  for (const code of [BONE_SCAN, 'BONE_SPECT_CT_EARLY']) await makeVisitType(database, code, steps);
  await database.transaction(async (tx) => {
    await loadRadiopharmacy(tx, readSeed<RadiopharmacyData>('reference'));
    await calendar.refreshBankHolidays(tx, 2026, 2028);
  });
  const supplier = await database.client.doseSupplier.findFirstOrThrow({ select: { id: true } });
  return supplier.id;
}

/** A visit without anything that belongs to it: planned doses ask for no more. Its id. */
export async function makeScanVisit(
  database: Database,
  patientId: string,
  startsAt: string,
): Promise<string> {
  const { client } = database;
  const protocol = await client.visitProtocol.findFirstOrThrow({ where: { visitTypeCode: BONE_SCAN } });
  const starts = Temporal.Instant.from(startsAt);
  const visit = await client.visit.create({
    data: {
      id: newId(),
      patientId,
      visitTypeCode: BONE_SCAN,
      protocolId: protocol.id,
      status: 'BOOKED',
      startsAt: dateFromInstant(starts),
      endsAt: dateFromInstant(starts.add({ hours: 4 })),
      bookedAt: dateFromInstant(starts),
      bookedById: newId(),
      changedAt: dateFromInstant(starts),
    },
    select: { id: true },
  });
  return visit.id;
}

/** A vial of 4,000 MBq at 08:00 on a day, prepared an hour before; `parts` replaces what matters to a test. */
export async function makeBatch(
  room: RadiopharmacyRoom,
  supplierId: string,
  parts: Partial<ReceiveBatchInput> = {},
): Promise<TracerBatch> {
  const received = await room.reception.receiveBatch(aStaffActor(), {
    supplierId,
    batchNumber: `B-${newId()}`,
    tracerCode: MDP,
    siteCode: 'MAIN',
    preparedAt: Temporal.Instant.from('2026-11-30T07:00:00Z'),
    calibratedAt: Temporal.Instant.from('2026-11-30T08:00:00Z'),
    activity: { value: 4_000, unit: 'MBQ' },
    volumeMl: 10,
    ...parts,
  });
  if (isRefusal(received)) throw new Error(received.message);
  return received;
}

export const mbq = (value: number): Activity => Activity.ofMbq(value);
