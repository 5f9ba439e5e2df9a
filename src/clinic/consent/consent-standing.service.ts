import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose, type ConsentSide } from '../../platform/database/generated/enums.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import { DECISIONS_OF_PATIENTS } from './consent.queries.js';
import { ConsentReason, ConsentState } from './consent.refusals.js';
import { describeStanding } from './consent.rules.js';
import { ConsentGroundService } from './consent-ground.service.js';
import { readLevels } from './consent-place.rules.js';
import type { ConsentGround } from './consent-policy.rules.js';
import { ConsentRecordService, type RecordedDecision } from './consent-record.service.js';
import { BARE_GROUND, type Decision, endsAt, type Standing, standingAt } from './consent-standing.rules.js';

/** Which procedure a question is about. Whoever does it names side and levels, so that each of them is asked for. */
export interface ConsentSubject {
  /** Code of the visit type. */
  readonly procedureCode: string;
  readonly side?: ConsentSide | null;
  readonly levels?: readonly string[] | null;
}

/** Whether something may be done, with the reason. */
export interface ConsentHold {
  readonly inForce: boolean;
  /** A sentence, with local times of the clinic. */
  readonly reason: string;
  readonly reasonCode: ConsentReason;
  readonly state: ConsentState;
  /** The decision that says so; null: never asked. */
  readonly recordId: string | null;
  /** In force, but to be confirmed on that day before anything is done. */
  readonly awaitsConfirmation: boolean;
  /** In force, and confirmed where that is asked: what is done to the patient may begin at that instant. */
  readonly mayBegin: boolean;
  /** When it will end by itself, as far as is known at that instant; null: not in force, or until it is taken back. */
  readonly holdsUntil: Temporal.Instant | null;
}

/** As the database reads it, before its times are instants. */
type DecisionRow = Omit<Decision, 'decidedAt' | 'recordedAt'> & {
  readonly patientId: string;
  readonly decidedAt: Date;
  readonly recordedAt: Date;
};

const NOT_NAMED: Standing<never> = {
  state: ConsentState.NEVER_ASKED,
  reasonCode: ConsentReason.PROCEDURE_NOT_NAMED,
  decision: null,
  yes: null,
  since: null,
  awaitsConfirmation: false,
};

/** Where patients stand. Records no look: whoever asks for a person does. */
@Injectable()
export class ConsentStandingService {
  constructor(
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
    @Inject(ConsentGroundService) private readonly grounds: ConsentGroundService,
  ) {}

  /** Where one patient stands on a purpose; of a procedure: on that one. */
  async standing(
    tx: Tx,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<{ readonly standing: Standing<RecordedDecision>; readonly ground: ConsentGround }> {
    const ground = await this.grounds.ground(tx, purpose);
    if (purpose === ConsentPurpose.PROCEDURE && subject === null) return { standing: NOT_NAMED, ground };
    const history = await this.records.decisionsOf(tx, patientId, purpose, subject?.procedureCode ?? null);
    return { standing: standingAt(history, at, ground, placeOf(subject)), ground };
  }

  /** The same in short, for later rooms. */
  async hold(
    tx: Tx,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ConsentHold> {
    const { standing, ground } = await this.standing(tx, patientId, purpose, at, subject);
    return toHold(standing, at, ground);
  }

  /** Where each of these patients stands, in as many statements as for one. */
  async holds(
    client: Tx,
    patientIds: readonly string[],
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ReadonlyMap<string, ConsentHold>> {
    const isNamed = purpose !== ConsentPurpose.PROCEDURE || subject !== null;
    const rows = isNamed
      ? await client.$queryRawUnsafe<DecisionRow[]>(
          DECISIONS_OF_PATIENTS,
          patientIds,
          purpose,
          subject?.procedureCode ?? null,
        )
      : [];
    const ground = rows.length === 0 ? BARE_GROUND : await this.grounds.ground(client, purpose);
    const decisions = byPatient(rows);
    const place = placeOf(subject);
    return new Map(
      patientIds.map((id) => {
        const standing = isNamed ? standingAt(decisions.get(id) ?? [], at, ground, place) : NOT_NAMED;
        return [id, toHold(standing, at, ground)];
      }),
    );
  }
}

/** A standing in short. */
export function toHold(standing: Standing, at: Temporal.Instant, ground: ConsentGround): ConsentHold {
  const { state, reasonCode, decision, awaitsConfirmation } = standing;
  const inForce = state === ConsentState.IN_FORCE;
  return {
    inForce,
    reason:
      reasonCode === ConsentReason.PROCEDURE_NOT_NAMED
        ? 'Say which procedure: each is asked by itself.'
        : describeStanding(standing, ground.timeZone),
    reasonCode,
    state,
    recordId: decision?.id ?? null,
    awaitsConfirmation,
    mayBegin: inForce && !awaitsConfirmation,
    holdsUntil: endsAt(standing, at, ground),
  };
}

function placeOf(subject: ConsentSubject | null) {
  return { side: subject?.side ?? null, levels: readLevels(subject?.levels ?? []) };
}

function byPatient(rows: readonly DecisionRow[]): ReadonlyMap<string, readonly Decision[]> {
  const found = new Map<string, Decision[]>();
  for (const { patientId, decidedAt, recordedAt, ...row } of rows) {
    const decision = {
      ...row,
      decidedAt: instantFromDate(decidedAt),
      recordedAt: instantFromDate(recordedAt),
    };
    const own = found.get(patientId);
    if (own === undefined) found.set(patientId, [decision]);
    else own.push(decision);
  }
  return found;
}
