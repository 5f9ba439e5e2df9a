import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { IncidentRuleAlreadySet, IncidentRuleInThePast } from './incident.refusals.js';
import { IncidentRecordService } from './incident-record.service.js';
import {
  type DoseCoefficient,
  type IncidentPolicy,
  type IncidentThreshold,
  toCoefficient,
  toPolicy,
  toThreshold,
} from './incident-rule.type.js';
import type {
  SetDoseCoefficientInput,
  SetIncidentPolicyInput,
  SetIncidentThresholdInput,
} from './incident-rule-input.type.js';
import { inForceOn, type Threshold, thresholdsOn } from './threshold.rules.js';

type Answer<Row> = Row | IncidentRuleAlreadySet | IncidentRuleInThePast;

/** When a regulator has to hear of something, and by when: rows that hold from a day on. A change is a new row. */
@Injectable()
export class IncidentRuleService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
  ) {}

  /** Every row by code and day, past ones and those to come too. */
  async thresholds(): Promise<readonly IncidentThreshold[]> {
    const rows = await this.database.client.incidentThreshold.findMany({
      orderBy: [{ code: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toThreshold);
  }

  async coefficients(): Promise<readonly DoseCoefficient[]> {
    const rows = await this.database.client.doseCoefficient.findMany({
      orderBy: [{ tracerCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toCoefficient);
  }

  async policies(): Promise<readonly IncidentPolicy[]> {
    const rows = await this.database.client.incidentPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toPolicy);
  }

  /** For this room: those that held on a day, by code. */
  async thresholdsOn(
    client: Pick<Tx, 'incidentThreshold'>,
    on: Temporal.PlainDate,
  ): Promise<readonly Threshold[]> {
    const rows = await client.incidentThreshold.findMany();
    const days = rows.map((row) => {
      const threshold = toThreshold(row);
      return { ...threshold, effectiveFrom: Temporal.PlainDate.from(threshold.effectiveFrom) };
    });
    return thresholdsOn(days, on);
  }

  async coefficientOn(
    client: Pick<Tx, 'doseCoefficient'>,
    tracerCode: string,
    on: Temporal.PlainDate,
  ): Promise<{ readonly id: string; readonly msvPerMbq: number } | null> {
    const rows = await client.doseCoefficient.findMany({ where: { tracerCode } });
    return inForceOn(
      rows
        .map(toCoefficient)
        .map((row) => ({ ...row, effectiveFrom: Temporal.PlainDate.from(row.effectiveFrom) })),
      on,
    );
  }

  async policyOn(client: Pick<Tx, 'incidentPolicy'>, on: Temporal.PlainDate): Promise<IncidentPolicy> {
    const row = await client.incidentPolicy.findFirst({
      where: { effectiveFrom: { lte: dateFromPlainDate(on) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    // The first row comes with the table and is never taken away.
    if (row === null) throw new Fault('INTERNAL', 'No policy for incidents is set.');
    return toPolicy(row);
  }

  async setThreshold(
    actor: StaffActor,
    input: SetIncidentThresholdInput,
  ): Promise<Answer<IncidentThreshold>> {
    const { effectiveFrom, source, ...asked } = input;
    return this.#set('incident-threshold', effectiveFrom, actor, async (tx, set) => {
      const { isFromIncluded, isUntilIncluded, needsProceduralFailure, isDropped, ...numbers } = asked;
      const flags = {
        isFromIncluded: isFromIncluded ?? true,
        isUntilIncluded: isUntilIncluded ?? false,
        needsProceduralFailure: needsProceduralFailure ?? false,
        isDropped: isDropped ?? false,
      };
      return toThreshold(
        await tx.incidentThreshold.create({ data: { ...numbers, ...flags, ...set, source: source.trim() } }),
      );
    });
  }

  async setCoefficient(actor: StaffActor, input: SetDoseCoefficientInput): Promise<Answer<DoseCoefficient>> {
    const { effectiveFrom, source, tracerCode, msvPerMbq } = input;
    return this.#set('dose-coefficient', effectiveFrom, actor, async (tx, set) =>
      toCoefficient(
        await tx.doseCoefficient.create({ data: { tracerCode, msvPerMbq, ...set, source: source.trim() } }),
      ),
    );
  }

  async setPolicy(actor: StaffActor, input: SetIncidentPolicyInput): Promise<Answer<IncidentPolicy>> {
    const { effectiveFrom, source, notifyDays, remindDays, childBelowYears } = input;
    return this.#set('incident-policy', effectiveFrom, actor, async (tx, set) =>
      toPolicy(
        await tx.incidentPolicy.create({
          data: { notifyDays, remindDays, childBelowYears, ...set, source: source.trim() },
        }),
      ),
    );
  }

  async #set<Row extends { readonly id: string }>(
    subjectType: string,
    effectiveFrom: string,
    actor: StaffActor,
    add: (
      tx: Tx,
      set: { readonly effectiveFrom: Date; readonly setAt: Date; readonly setById: string },
    ) => Promise<Row>,
  ): Promise<Answer<Row>> {
    const from = Temporal.PlainDate.from(effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.records.dayOf()) < 0) return new IncidentRuleInThePast();
    const set = {
      effectiveFrom: dateFromPlainDate(from),
      setAt: dateFromInstant(this.clock.now()),
      setById: actor.id,
    };
    const alreadySet = () => new IncidentRuleAlreadySet();
    return this.database.transaction<Row, IncidentRuleAlreadySet>(
      async (tx) => {
        const row = await add(tx, set);
        await this.audit.record(tx, actor, {
          action: `${subjectType}.set`,
          subjectType,
          subjectId: row.id,
          after: row,
        });
        return row;
      },
      {
        onConstraint: {
          incident_thresholds_code_effective_from_key: alreadySet,
          dose_coefficients_tracer_code_effective_from_key: alreadySet,
          incident_policies_effective_from_key: alreadySet,
          incident_thresholds_of_their_basis: () => {
            throw badInput(
              'A threshold says what its basis asks: of an accidental dose adultMsv and childMsv; of an unintended dose those two or factor; of a foetal dose doseMgy; of an infant’s childMsv; else nothing.',
            );
          },
          incident_thresholds_in_bounds: () => {
            throw badInput(
              'intendedUntilMsv: must be above intendedFromMsv; every dose and factor must be above 0.',
            );
          },
        },
      },
    );
  }
}
