import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { RecordClass } from '../../platform/database/generated/enums.js';
import { Clock, localDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { PatientRetentionService } from '../patients/patient-retention.service.js';
import { LegalHoldService } from './legal-hold.service.js';
import { dueOf, type Judgement, judge, type Lifetime, later, type RuleRow } from './retention.rules.js';
import { type PatientPartFacts, type RetainedRecord, RetentionClasses } from './retention-class.type.js';
import { RetentionRuleService } from './retention-rule.service.js';

export interface JudgedRecord {
  readonly record: RetainedRecord;
  readonly judgement: Judgement;
}

const NOTHING_KNOWN: PatientPartFacts = {
  lastContactOn: null,
  treatmentEndedOn: null,
  classes: [],
  keptBecause: null,
};

/** Says of records whether they are due on a day. The same judge for a dry run and for the moment of destruction. */
@Injectable()
export class RetentionJudgeService {
  constructor(
    @Inject(RetentionClasses) private readonly classes: RetentionClasses,
    @Inject(RetentionRuleService) private readonly rules: RetentionRuleService,
    @Inject(LegalHoldService) private readonly holds: LegalHoldService,
    @Inject(PatientRetentionService) private readonly patients: PatientRetentionService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Whoever places a hold on the whole record waits until the transaction ends, or came before and is seen. */
  async holdPatient(tx: Tx, patientId: string): Promise<void> {
    await this.patients.lockedLife(tx, patientId);
  }

  /** One record, as it stands today. */
  async judgeNow(tx: Tx, subjectType: string, record: RetainedRecord): Promise<Judgement> {
    const asOf = localDate(this.clock.now(), this.config.clinicTimeZone);
    const [judged] = await this.judge(tx, subjectType, [record], asOf);
    if (judged === undefined) throw new Error('one record was judged');
    return judged.judgement;
  }

  /** The records of one kind, each as it stands now. */
  async judge(
    tx: Tx,
    subjectType: string,
    records: readonly RetainedRecord[],
    asOf: Temporal.PlainDate,
  ): Promise<readonly JudgedRecord[]> {
    if (records.length === 0) return [];
    const patientIds = [...new Set(records.flatMap(({ patientId }) => patientId ?? []))];
    const rules = await this.rules.inForce(tx, asOf);
    const facts = await this.patientFacts(tx, patientIds);
    const lives = await this.#lives(tx, patientIds);
    const held = records.map(({ id, patientId }) => ({ subjectType, subjectId: id, patientId }));
    const holds = await this.holds.holding(tx, held);
    return records.map((record) => {
      const own = record.patientId === null ? undefined : facts.get(record.patientId);
      const life = record.patientId === null ? undefined : lives.get(record.patientId);
      return {
        record,
        judgement: judgeOne(record, rules, {
          facts: own ?? NOTHING_KNOWN,
          life: life ?? { dateOfBirth: null, diedOn: null },
          holdId: holds.get(record.id) ?? null,
          asOf,
        }),
      };
    });
  }

  /** What all rooms together know of these patients, and of the records that were merged into theirs. */
  async patientFacts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const all = new Map<string, PatientPartFacts>();
    const merged = await this.patients.mergedInto(tx, patientIds);
    for (const part of this.classes.parts()) {
      for (const [id, facts] of await part.facts(tx, [...patientIds, ...merged.keys()])) {
        const patientId = merged.get(id) ?? id;
        all.set(patientId, together(all.get(patientId) ?? NOTHING_KNOWN, facts));
      }
    }
    return all;
  }

  async #lives(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, Lifetime>> {
    const lives = await this.patients.lives(tx, patientIds);
    const deaths = await tx.patientDeath.findMany({ where: { patientId: { in: [...patientIds] } } });
    const diedOn = new Map(deaths.map((row) => [row.patientId, plainDateFromDate(row.diedOn)]));
    return new Map(
      [...lives.values()].map(({ id, dateOfBirth }) => [id, { dateOfBirth, diedOn: diedOn.get(id) ?? null }]),
    );
  }
}

function judgeOne(
  record: RetainedRecord,
  rules: readonly RuleRow[],
  known: {
    readonly facts: PatientPartFacts;
    readonly life: Lifetime;
    readonly holdId: string | null;
    readonly asOf: Temporal.PlainDate;
  },
): Judgement {
  const { facts, life, holdId, asOf } = known;
  const dates = {
    createdOn: record.createdOn,
    lastContactOn: later(record.lastContactOn, facts.lastContactOn),
    treatmentEndedOn: facts.treatmentEndedOn,
  };
  const due = dueOf(record.classes, rules, dates, life);
  return judge(due, asOf, { holdId, keptBecause: record.keptBecause ?? facts.keptBecause });
}

function together(a: PatientPartFacts, b: PatientPartFacts): PatientPartFacts {
  return {
    lastContactOn: later(a.lastContactOn, b.lastContactOn),
    treatmentEndedOn: later(a.treatmentEndedOn, b.treatmentEndedOn),
    classes: [...new Set<RecordClass>([...a.classes, ...b.classes])],
    keptBecause: a.keptBecause ?? b.keptBecause,
    keepsPatientBecause: a.keepsPatientBecause ?? b.keepsPatientBecause ?? null,
  };
}
