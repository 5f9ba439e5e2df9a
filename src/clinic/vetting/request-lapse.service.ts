import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ImagingRequestAction, ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { Fault, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { RequestExposureService } from './request-exposure.service.js';
import { ENDED, RequestLogService, VETTING_CLOCK } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { lapsesFrom } from './vetting-due.rules.js';

const NOT_USED = 'The authorisation was not used in time.';

/** An authorisation holds for some time: what is not used by then lapses, and a new request is made. */
@Injectable()
export class RequestLapseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestExposureService) private readonly exposures: RequestExposureService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
  ) {}

  /**
   * A day has come on which an authorisation may have lapsed. One that was used holds for good; one that lapses later is
   * looked at then. When to come again; null: never. Doing it twice is doing it once.
   */
  async passDay(requestId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.imagingRequest.findUnique({ where: { id: requestId }, select: { id: true } });
      if (known === null) return null;
      const held = await this.records.hold(tx, requestId);
      const { status, lapsesOn } = held.row;
      if (status !== ImagingRequestStatus.AUTHORISED || lapsesOn === null) return null;
      if (held.standing.state !== ImagingRequestStatus.LAPSED) {
        return lapsesFrom(plainDateFromDate(lapsesOn), this.config.clinicTimeZone);
      }
      await this.settle(tx, held);
      return null;
    });
  }

  /**
   * Writes down that a request has been used up, or that its authorisation is over, whether or not anybody has come to look:
   * true. False: it stands.
   */
  async settle(tx: Tx, held: HeldRequest): Promise<boolean> {
    const begun = await this.records.begun(tx, held.row.id);
    if (begun !== null) {
      await this.exposures.expose(tx, VETTING_CLOCK, held, begun);
      return true;
    }
    if (held.standing.state !== ImagingRequestStatus.LAPSED) return false;
    const change = {
      ...ENDED,
      endedAt: dateFromInstant(this.log.now()),
      endedById: null,
      endReason: NOT_USED,
    };
    const move = { action: ImagingRequestAction.LAPSE, to: ImagingRequestStatus.LAPSED, reason: NOT_USED };
    const written = await this.log.write(tx, VETTING_CLOCK, held, move, change);
    if (isRefusal(written)) throw new Fault('TRY_AGAIN', 'a request that is held was moved');
    return true;
  }
}
