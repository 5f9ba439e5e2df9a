import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { ExposurePolicyService } from './exposure-policy.service.js';
import { ExposureSources, type ExposureWant } from './exposure-sources.service.js';
import type { GateVerdict } from './gate.rules.js';
import { lookedBackTo, noRecentExposure } from './gate-exposure.rules.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from './gate-sources.service.js';

/** Other exposures shortly before: by the clinic's dated rows, and from the rooms that know of exposures. */
@Injectable()
export class ExposureGateService implements GateGroup {
  readonly stages = {
    NO_RECENT_EXPOSURE: [GateStage.BOOKING, GateStage.PUBLICATION, GateStage.ARRIVAL, GateStage.INJECTION],
  } as const;

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(ExposurePolicyService) private readonly policies: ExposurePolicyService,
    @Inject(ExposureSources) private readonly exposures: ExposureSources,
    @Inject(GateSources) sources: GateSources,
  ) {
    sources.registerGroup(this);
  }

  async judge(
    tx: Tx,
    { subjects, stage, at, onByVisit }: GateQuestion,
  ): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const hoursOf = await this.policies.reader(tx);
    const known = subjects.map((subject) => {
      const on = onByVisit.get(subject.visitId);
      const hours = on === undefined ? null : hoursOf(subject.procedureCode, on);
      // An injection is looked back from when it is given, whatever had been planned.
      return { subject, hours, injectionAt: stage === GateStage.INJECTION ? at : subject.injectionAt };
    });
    const wants = known.flatMap<ExposureWant>(({ subject: { visitId, patientId }, hours, injectionAt }) =>
      hours === null || hours === 0
        ? []
        : [{ visitId, patientId, since: lookedBackTo(injectionAt, hours), until: injectionAt }],
    );
    const earlier = wants.length === 0 ? [] : await this.exposures.earlier(tx, wants);
    const zone = this.config.clinicTimeZone;
    const verdicts = known.map(({ subject: { visitId }, hours }): [string, GateVerdict] => {
      const own = earlier.filter(({ forVisitId }) => forVisitId === visitId);
      return [visitId, noRecentExposure(own, hours, zone)];
    });
    return new Map([[GateCode.NO_RECENT_EXPOSURE, new Map(verdicts)]]);
  }
}
