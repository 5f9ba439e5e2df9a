import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ExposureAct } from '../../platform/database/generated/enums.js';
import { localDate, type Temporal } from '../../platform/time/index.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import { NotEntitledToExpose } from './treatment.refusals.js';

/** Who may justify X-rays for a treatment, and who may use them. Fluoroscopy and CT are exposures like any other. */
@Injectable()
export class TreatmentDutyService {
  constructor(
    @Inject(EntitlementService) private readonly entitlements: Pick<EntitlementService, 'entitlement'>,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The entitlement under which somebody does an act at a moment, or why they may not. */
  async entitled(
    tx: Tx,
    staffId: string,
    act: ExposureAct,
    { procedureCode, at }: { readonly procedureCode: string; readonly at: Temporal.Instant },
  ): Promise<string | NotEntitledToExpose> {
    const day = localDate(at, this.config.clinicTimeZone);
    const standing = await this.entitlements.entitlement(tx, staffId, act, procedureCode, day);
    return standing.entitled && standing.entitlementId !== null
      ? standing.entitlementId
      : new NotEntitledToExpose(standing.reason);
  }
}
