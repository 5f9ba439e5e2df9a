import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { CheckService, type CheckStanding } from '../checks/check.service.js';
import type { GateVerdict } from './gate.rules.js';
import {
  breastFeedingEnquired,
  identityChecked,
  pregnancyEnquired,
  safetyChecked,
} from './gate-check.rules.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from './gate-sources.service.js';

const ON_THE_DAY = [GateStage.ARRIVAL, GateStage.INJECTION, GateStage.ACQUISITION] as const;

const RULES = {
  IDENTITY_CHECKED: ({ identity }) => identityChecked(identity),
  PREGNANCY_ENQUIRED: ({ pregnancy }) => pregnancyEnquired(pregnancy),
  BREAST_FEEDING_ENQUIRED: ({ breastFeeding }) => breastFeedingEnquired(breastFeeding),
  SAFETY_CHECKED: ({ safety }) => safetyChecked(safety),
} as const satisfies Partial<Record<GateCode, (standing: CheckStanding) => GateVerdict>>;

/** What was asked and looked at on the day of the injection: read once for all four gates. */
@Injectable()
export class CheckGatesService implements GateGroup {
  readonly stages = {
    IDENTITY_CHECKED: ON_THE_DAY,
    PREGNANCY_ENQUIRED: ON_THE_DAY,
    BREAST_FEEDING_ENQUIRED: ON_THE_DAY,
    SAFETY_CHECKED: ON_THE_DAY,
  };

  constructor(
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(GateSources) sources: GateSources,
  ) {
    sources.registerGroup(this);
  }

  /** Before an injection counts what had been recorded when it was given, and nothing that was written down after it. */
  async judge(
    tx: Tx,
    { codes, onByVisit, stage, at }: GateQuestion,
  ): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const asOf = stage === GateStage.INJECTION ? at : undefined;
    const wants = [...onByVisit].map(([visitId, on]) => ({ visitId, on, asOf }));
    const standings = await this.checks.standingsOn(tx, wants);
    const verdicts = new Map<GateCode, VerdictsByVisit>();
    for (const code of Object.keys(RULES) as (keyof typeof RULES)[]) {
      if (!codes.has(code)) continue;
      const found = [...standings].map(([visitId, standing]) => [visitId, RULES[code](standing)] as const);
      verdicts.set(code, new Map(found));
    }
    return verdicts;
  }
}
