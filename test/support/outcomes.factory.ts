import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { InstrumentWordingService } from '../../src/clinic/outcomes/instrument-wording.service.js';
import { OutcomeService } from '../../src/clinic/outcomes/outcome.service.js';
import type { ItemAnswer, RecordScoreInput } from '../../src/clinic/outcomes/outcome.type.js';
import { PatientOutcomesMergeService } from '../../src/clinic/outcomes/patient-outcomes-merge.service.js';
import { RiskTaskService } from '../../src/clinic/outcomes/risk-task.service.js';
import { RiskTaskAlarmService } from '../../src/clinic/outcomes/risk-task-alarm.service.js';
import { RiskTaskLetterService } from '../../src/clinic/outcomes/risk-task-letter.service.js';
import { RiskTaskPolicyService } from '../../src/clinic/outcomes/risk-task-policy.service.js';
import { RiskTaskRecordService } from '../../src/clinic/outcomes/risk-task-record.service.js';
import { ScoreService } from '../../src/clinic/outcomes/score.service.js';
import { ScoreChangeService } from '../../src/clinic/outcomes/score-change.service.js';
import { ScoreFollowers } from '../../src/clinic/outcomes/score-followers.service.js';
import { ScoreRecordService } from '../../src/clinic/outcomes/score-record.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import type { Clock } from '../../src/platform/time/index.js';
import { patientRoomOn } from './patient-needs.factory.js';
import { aStaffActor } from './patients.factory.js';

/** The whole of the room's own services, built by hand on a test's database, with the patients' room beside them. */
export function outcomesOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const people = patientRoomOn(database, clock);
  const policies = new RiskTaskPolicyService(database, clock, config, audit);
  const tasks = new RiskTaskRecordService(database, clock, audit);
  const alarm = new RiskTaskAlarmService(database, clock, outbox, people.alerts, policies, tasks);
  const scores = new ScoreRecordService(database, audit);
  const followers = new ScoreFollowers();
  const outcomes = new OutcomeService(clock, config, people.patients, scores, alarm, followers);
  new PatientOutcomesMergeService(people.followers, followers, people.alerts);
  return {
    ...{ database, clock, people, policies, tasks, alarm, scores, followers, outcomes, outbox },
    verbs: new ScoreService(new IdempotencyService(database, clock), outcomes),
    risk: new RiskTaskService(database, clock, tasks, alarm),
    letters: new RiskTaskLetterService(),
    changes: new ScoreChangeService(database, scores),
    wordings: new InstrumentWordingService(database, clock, config, audit),
  };
}

export type OutcomesRoom = ReturnType<typeof outcomesOn>;

/** Who records: with an account or without, since rows name staff by id only. */
export function aRecorder(actor: StaffActor = aStaffActor(), idempotencyKey: string | null = null): Booker {
  return { actor, roles: ['CLINICIAN'], idempotencyKey };
}

/** What was marked, in the order of the form; null: left out. */
export function answersOf(...marks: readonly (number | null)[]): readonly ItemAnswer[] {
  return marks.flatMap((mark, at) => (mark === null ? [] : [{ item: at + 1, marked: [mark] }]));
}

/** PHQ-9 with the first eight items alike and this answer to the ninth. */
export function phq9(risk: number | null, others = 1): readonly ItemAnswer[] {
  return answersOf(...Array.from({ length: 8 }, () => others), risk);
}

export function aScore(
  patientId: string,
  takenAt: RecordScoreInput['takenAt'],
  parts: Partial<RecordScoreInput> = {},
): RecordScoreInput {
  return { patientId, instrument: 'NRS', mode: 'PAPER', takenAt, answers: answersOf(7), ...parts };
}
