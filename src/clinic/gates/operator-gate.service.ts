import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import { ACT_AT, type EntitlementFacts, operatorEntitled, operatorOnRecord } from './gate-licence.rules.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from './gate-sources.service.js';

/** Whoever acts is entitled to the act of the stage; afterwards, whoever injected was. An act is asked of one booking at a time, since one person acts on one patient. */
@Injectable()
export class OperatorGateService implements GateGroup {
  readonly stages = {
    OPERATOR_ENTITLED: [GateStage.INJECTION, GateStage.ACQUISITION, GateStage.AFTERWARDS],
  } as const;

  constructor(
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
    @Inject(GateSources) private readonly sources: GateSources,
  ) {
    sources.registerGroup(this);
  }

  async judge(tx: Tx, question: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const looksAtInjection = question.stage === null || question.stage === GateStage.INJECTION;
    if (question.act === undefined && looksAtInjection) return this.#onRecord(tx, question);
    const byProcedure = new Map<string, EntitlementFacts | null>();
    const verdicts = new Map<string, ReturnType<typeof operatorEntitled>>();
    for (const { visitId, procedureCode } of question.subjects) {
      const key = `${procedureCode} ${question.onByVisit.get(visitId)?.toString() ?? ''}`;
      const known = byProcedure.get(key);
      const facts = known === undefined ? await this.#ask(tx, question, visitId, procedureCode) : known;
      byProcedure.set(key, facts);
      verdicts.set(visitId, operatorEntitled(facts));
    }
    return new Map([[GateCode.OPERATOR_ENTITLED, verdicts]]);
  }

  async #onRecord(tx: Tx, { subjects }: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const visitIds = subjects.map(({ visitId }) => visitId);
    const operators = await this.sources.operatorsOnRecord(tx, visitIds);
    const verdicts = visitIds.map((id) => [id, operatorOnRecord(operators.get(id) ?? null)] as const);
    return new Map([[GateCode.OPERATOR_ENTITLED, new Map(verdicts)]]);
  }

  async #ask(
    tx: Tx,
    { act, stage, onByVisit }: GateQuestion,
    visitId: string,
    procedureCode: string,
  ): Promise<EntitlementFacts | null> {
    const done = stage === null ? null : ACT_AT[stage];
    const on = onByVisit.get(visitId);
    if (act === undefined || done === null || on === undefined) return null;
    return this.entitlements.entitlement(tx, act.operatorId, done, procedureCode, on);
  }
}
