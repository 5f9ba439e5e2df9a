import { Global, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { DestructionRecordService } from '../../src/clinic/records/destruction-record.service.js';
import { DestructionRunService } from '../../src/clinic/records/destruction-run.service.js';
import type { DestructionItem, DestructionRun } from '../../src/clinic/records/destruction-run.type.js';
import { RecordsModule } from '../../src/clinic/records/records.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { RecordClass } from '../../src/platform/database/generated/enums.js';
import { HandleLater, Outbox, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock } from '../../src/platform/time/index.js';
import type { FixedClock } from './fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';

/** More turns than any test has work for. */
const TURNS_MAX = 200;

/** The room of records and the rooms that take part in it, without their doors to the outside. */
export interface RecordsRoom {
  readonly module: TestingModule;
  readonly starter: StaffActor;
  readonly approver: StaffActor;
  /** Handles what lies in the outbox and is due by the clock; topics of rooms that are not here stay. */
  work(): Promise<void>;
  get<Service>(service: Type<Service>): Service;
  listed(classes?: readonly RecordClass[]): Promise<DestructionRun>;
  items(run: DestructionRun): Promise<readonly DestructionItem[]>;
  /** Lists, has a second person approve, and carries out. */
  destroyAll(classes?: readonly RecordClass[]): Promise<DestructionRun>;
}

const PAGE = { size: 100 } as const;

export async function recordsOn(
  database: Database,
  clock: FixedClock,
  rooms: readonly Type<object>[] = [],
): Promise<RecordsRoom> {
  const outbox = new Outbox(clock);
  const handlers = new OutboxHandlers();
  const ground = [
    { provide: Database, useValue: database },
    { provide: Clock, useValue: clock },
    { provide: Outbox, useValue: outbox },
    { provide: OutboxHandlers, useValue: handlers },
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}

  const module = await Test.createTestingModule({
    imports: [GroundModule, ConfigModule.with(readConfig({}, '/tmp')), AuditModule, RecordsModule, ...rooms],
  }).compile();
  const starter = aStaffActor();
  const approver = aStaffActor();
  const runs = module.get(DestructionRunService);
  const records = module.get(DestructionRecordService);
  const work = () => workOff(database, clock, handlers);

  const listed = async (classes: readonly RecordClass[] = ['CLINICAL_RECORD']) => {
    const run = await runs.retentionDryRun(starter, { classes });
    await work();
    return records.destructionRun(run.id);
  };
  return {
    ...{ module, starter, approver, work, listed },
    get: (service) => module.get(service, { strict: false }),
    items: async (run) => (await records.destructionItems(starter, run.id, PAGE)).items,
    destroyAll: async (classes) => {
      const run = await listed(classes);
      const approved = await runs.approveDestruction(approver, run.id);
      if (isRefusal(approved)) throw new Error(`the list was not approved: ${approved.message}`);
      await work();
      return records.destructionRun(run.id);
    },
  };
}

/** Handles what lies in the outbox and is due by the clock; topics of rooms that are not here stay. */
export async function workOff(
  database: Database,
  clock: FixedClock,
  handlers: OutboxHandlers,
): Promise<void> {
  const topics = [...handlers.topics()];
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    const message = await database.client.outboxMessage.findFirst({
      where: { topic: { in: topics }, handledAt: null, dueAt: { lte: nowOf(clock) } },
      orderBy: { id: 'asc' },
    });
    if (message === null) return;
    const { id, topic, subjectId, version } = message;
    try {
      await handlers.handlerOf(topic)?.handle({ id, topic, subjectId, version });
    } catch (error) {
      if (error instanceof HandleLater) continue;
      throw error;
    }
    await database.client.outboxMessage.update({ where: { id }, data: { handledAt: nowOf(clock) } });
  }
  throw new Error('the outbox is never empty');
}

function nowOf(clock: FixedClock): Date {
  return new Date(clock.nowMs());
}

/** A patient who was registered then and not seen since. */
export async function makePatientOf(
  database: Database,
  clock: FixedClock,
  registeredAt: string,
  parts: Parameters<typeof makePatient>[1] = {},
): Promise<Patient> {
  const now = clock.now();
  clock.set(registeredAt);
  const patient = await makePatient(patientServiceOn(database, clock), parts);
  clock.set(now);
  return patient;
}
