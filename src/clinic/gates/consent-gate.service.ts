import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose, GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import type { GateVerdict } from './gate.rules.js';
import { TAKEN_BY } from './gate-consent.queries.js';
import { type ConsentFacts, consentInForce } from './gate-consent.rules.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from './gate-sources.service.js';

interface TakenRow {
  readonly id: string;
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: Date;
}

/**
 * Consent as it holds at the moment of the question, whatever it was when the booking was made. What stands behind these
 * gates is a tracer and X-rays, so it is the consent to them, whatever else a kind of visit may ask for.
 */
@Injectable()
export class ConsentGateService implements GateGroup {
  readonly stages = {
    CONSENT_IN_FORCE: [
      GateStage.BOOKING,
      GateStage.PUBLICATION,
      GateStage.ARRIVAL,
      GateStage.INJECTION,
      GateStage.ACQUISITION,
    ],
  } as const;

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(GateSources) sources: GateSources,
  ) {
    sources.registerGroup(this);
  }

  async judge(tx: Tx, question: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const { subjects, at } = question;
    const patientIds = [...new Set(subjects.map(({ patientId }) => patientId))];
    const purpose = ConsentPurpose.IMAGING_TRACER_AND_XRAYS;
    const holds = await this.consent.holds(tx, patientIds, purpose, at);
    const taken = await takenBy(
      tx,
      // Names are for whoever looks at all gates: who wants to go on needs none.
      question.stage === null ? [...holds.values()].flatMap(({ recordId }) => recordId ?? []) : [],
    );
    const verdicts = new Map<string, GateVerdict>();
    for (const { visitId, patientId } of subjects) {
      const hold = holds.get(patientId);
      // Of whom nothing is said the gate stays shut.
      if (hold === undefined) continue;
      const by = hold.recordId === null ? null : (taken.get(hold.recordId) ?? null);
      const facts = { ...hold, isAsked: hold.recordId !== null, by };
      verdicts.set(visitId, consentInForce(facts, this.#isAboutToBegin(question, visitId)));
    }
    return new Map([[GateCode.CONSENT_IN_FORCE, verdicts]]);
  }

  /** Whoever looks at all gates before the day is not told of what can only be done on it. */
  #isAboutToBegin({ stage, at, onByVisit }: GateQuestion, visitId: string): boolean {
    if (stage !== null) return stage === GateStage.INJECTION || stage === GateStage.ACQUISITION;
    const on = onByVisit.get(visitId);
    const today = localDate(at, this.config.clinicTimeZone);
    return on !== undefined && Temporal.PlainDate.compare(on, today) <= 0;
  }
}

async function takenBy(
  tx: Tx,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, ConsentFacts['by']>> {
  if (recordIds.length === 0) return new Map();
  const rows = await tx.$queryRawUnsafe<readonly TakenRow[]>(TAKEN_BY, recordIds);
  return new Map(rows.map(({ id, byId, byName, at }) => [id, { byId, byName, at: instantFromDate(at) }]));
}
