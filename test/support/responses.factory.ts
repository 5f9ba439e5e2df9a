import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DiaryService } from '../../src/clinic/responses/diary.service.js';
import { DiaryEntryService } from '../../src/clinic/responses/diary-entry.service.js';
import { DiaryFollowingService } from '../../src/clinic/responses/diary-following.service.js';
import { DiaryOpeningService } from '../../src/clinic/responses/diary-opening.service.js';
import { DiaryPolicyService } from '../../src/clinic/responses/diary-policy.service.js';
import { DiaryRecordService } from '../../src/clinic/responses/diary-record.service.js';
import { DiaryReminderService } from '../../src/clinic/responses/diary-reminder.service.js';
import { LearningService } from '../../src/clinic/responses/learning.service.js';
import { OpeningGroundService } from '../../src/clinic/responses/opening-ground.service.js';
import { PainSourceService } from '../../src/clinic/responses/pain-source.service.js';
import { ProposalService } from '../../src/clinic/responses/proposal.service.js';
import type { PainDiary } from '../../src/clinic/responses/response.type.js';
import { ResponseEvidenceService } from '../../src/clinic/responses/response-evidence.service.js';
import { ResponseJudgingService } from '../../src/clinic/responses/response-judging.service.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { DiaryPoint } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import type { FixedClock } from './fixed-clock.js';
import { patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { mustBe } from './reports.factory.js';
import {
  aGiven,
  asBooker,
  makeDone,
  planAsked,
  type Subject,
  sayPain,
  startPlanned,
  treatmentsOn,
} from './treatments.factory.js';

/** The whole of the room's own services, built by hand on a test's database, with the treatments' room beside them. */
export function responsesOn(database: Database, clock: FixedClock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const rooms = treatmentsOn(database, clock);
  const { treatments, outcomes } = rooms;
  const policies = new DiaryPolicyService(database, clock, config, audit);
  const ground = new OpeningGroundService(clock, config, policies);
  const records = new DiaryRecordService(database, clock, audit, treatments);
  const judging = new ResponseJudgingService(clock, outbox, audit, records);
  const entries = new DiaryEntryService(clock, outbox, audit, treatments, records, judging);
  const idempotency = new IdempotencyService(database, clock);
  new ResponseEvidenceService(rooms.evidence, rooms.followers, entries, records, treatments);
  const patients = patientServiceOn(database, clock);
  const referrals = referralServiceOn(database, clock);
  const names = { namesOf: async () => new Map<string, string>() };
  return {
    ...{ database, clock, rooms, policies, records, entries },
    opening: new DiaryOpeningService(database, ground, outbox, audit, outcomes, treatments),
    following: new DiaryFollowingService(database, ground, outbox, audit, records, judging),
    reminders: new DiaryReminderService(database, clock, outbox, records, entries),
    diaries: new DiaryService(database, clock, idempotency, outcomes, records, entries),
    proposals: new ProposalService(database, clock, audit, treatments, referrals, records),
    sources: new PainSourceService(database, config, audit, patients, treatments, records),
    learning: new LearningService(database, audit, policies, names),
  };
}

export type ResponsesRoom = ReturnType<typeof responsesOn>;

/** A treatment that was done now, with the pain before it, and its open diary. */
export async function makeDiary(
  room: ResponsesRoom,
  actor: StaffActor,
  subject: Subject,
  before: number | null,
  wish: Parameters<typeof makeDone>[3] = {},
): Promise<PainDiary> {
  if (before !== null) await sayPain(room.rooms, subject.patientId, before);
  const { id } = await makeDone(room.rooms, actor, subject, wish);
  await room.opening.open(id);
  return room.records.mustHave(room.database.client, id);
}

/** The same of a treatment that was asked for. */
export async function makeAskedDiary(
  room: ResponsesRoom,
  actor: StaffActor,
  asked: Treatment,
  before: number,
): Promise<PainDiary> {
  await sayPain(room.rooms, asked.patientId, before);
  const started = await startPlanned(room.rooms, actor, await planAsked(room.rooms, actor, asked));
  const given = aGiven(started, room.clock.now());
  mustBe(await room.rooms.given.recordTreatmentGiven(asBooker(actor), given));
  await room.opening.open(asked.id);
  return room.records.mustHave(room.database.client, asked.id);
}

/** A figure for a point, taken when it was due and recorded then; throws when it is refused. */
export async function say(
  room: ResponsesRoom,
  actor: StaffActor,
  treatmentId: string,
  point: DiaryPoint,
  total: number,
): Promise<PainDiary> {
  const {
    id: entryId,
    version,
    dueAt,
  } = entryOf(await room.records.mustHave(room.database.client, treatmentId), point);
  room.clock.set(dueAt.toString());
  const input = { entryId, version, total, takenAt: dueAt, mode: 'TELEPHONE' as const };
  return mustBe(await room.diaries.recordDiaryEntry(asBooker(actor), input));
}

export function entryOf({ entries }: PainDiary, point: DiaryPoint) {
  const entry = entries.find((one) => one.point === point);
  if (entry === undefined) throw new Error(`the diary has no point ${point}`);
  return entry;
}
