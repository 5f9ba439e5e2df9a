import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, type GateStage } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { GateAct, GateSubject, GateVerdict } from './gate.rules.js';

export type { GateAct, GateSubject, GateVerdict } from './gate.rules.js';

export type VerdictsByVisit = ReadonlyMap<string, GateVerdict>;

/** One gate that a room answers for. */
export interface GateSource {
  readonly code: GateCode;
  /** At which stages it can be judged at all; the policy says at which of them it stands. */
  readonly stages: readonly GateStage[];
  /**
   * How the gate is found for each of these bookings, by visit id: in a number of statements that does not grow with them.
   * `act` is there when somebody is about to do something, and undefined when somebody looks: then what was done is judged.
   * A visit that is left out is not judged: WAITING.
   */
  judge(
    tx: Tx,
    subjects: readonly GateSubject[],
    at: Temporal.Instant,
    act?: GateAct,
  ): Promise<VerdictsByVisit>;
}

/** What is asked of several gates at once. */
export interface GateQuestion {
  /** Those of the group's gates that are wanted. */
  readonly codes: ReadonlySet<GateCode>;
  readonly subjects: readonly GateSubject[];
  readonly at: Temporal.Instant;
  /** Null: every gate of a booking is looked at. */
  readonly stage: GateStage | null;
  readonly act: GateAct | undefined;
  /** The local day of the injection of each, by visit id. */
  readonly onByVisit: ReadonlyMap<string, Temporal.PlainDate>;
}

/** Gates that rest on the same facts, which are read once for all of them. */
export interface GateGroup {
  readonly stages: Readonly<Partial<Record<GateCode, readonly GateStage[]>>>;
  judge(tx: Tx, question: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>>;
}

/** Who has injected, as it is on record: they were entitled to it then, or it was reported outside of the gates. */
export interface OperatorOnRecord {
  readonly byId?: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
  readonly wasEntitled: boolean;
}

/** Those who have injected, by visit id: in a number of statements that does not grow with the visits. */
export type OperatorsOnRecord = (
  tx: Tx,
  visitIds: readonly string[],
) => Promise<ReadonlyMap<string, OperatorOnRecord>>;

/** Who answers for each gate. A room enters its own from the constructor of its service. */
@Injectable()
export class GateSources {
  readonly #groups: GateGroup[] = [];
  readonly #stages = new Map<GateCode, readonly GateStage[]>();
  #operators: OperatorsOnRecord = async () => new Map();

  /** Throws when two rooms answer for one gate. */
  register(source: GateSource): void {
    const { code, stages } = source;
    this.registerGroup({
      stages: { [code]: stages },
      judge: async (tx, { subjects, at, act }) =>
        new Map([[code, await source.judge(tx, subjects, at, act)]]),
    });
  }

  /** The same for several that rest on the same facts. */
  registerGroup(group: GateGroup): void {
    for (const code of codesOf(group)) {
      if (this.#stages.has(code)) throw new Error(`two rooms answer for the gate ${code}`);
      this.#stages.set(code, group.stages[code] ?? []);
    }
    this.#groups.push(group);
  }

  /** The room of the injections says who injected: what was done is shown as done. */
  registerOperators(operators: OperatorsOnRecord): void {
    this.#operators = operators;
  }

  operatorsOnRecord(tx: Tx, visitIds: readonly string[]): Promise<ReadonlyMap<string, OperatorOnRecord>> {
    return this.#operators(tx, visitIds);
  }

  /** Gates for which no room answers: at the end of the start there must be none. */
  missing(): readonly GateCode[] {
    return Object.values(GateCode).filter((code) => !this.#stages.has(code));
  }

  /** Where a gate can be judged at all. */
  stagesOf(code: GateCode): readonly GateStage[] {
    return this.#stages.get(code) ?? [];
  }

  /** Every verdict on these gates: each group is asked once. */
  async judge(tx: Tx, question: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const verdicts = new Map<GateCode, VerdictsByVisit>();
    for (const group of this.#groups) {
      const codes = new Set(codesOf(group).filter((code) => question.codes.has(code)));
      if (codes.size === 0) continue;
      for (const [code, found] of await group.judge(tx, { ...question, codes })) verdicts.set(code, found);
    }
    return verdicts;
  }
}

function codesOf(group: GateGroup): readonly GateCode[] {
  return Object.values(GateCode).filter((code) => group.stages[code] !== undefined);
}
