import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';
import { ClaimService } from './claim.service.js';
import { FreeTimeService } from './free-time.service.js';
import type { Resource } from './resource.type.js';
import type { ClaimRequest, FreeSpan, FreeSpanQuery, Reader, ResourceSpan } from './schedule.type.js';

/** Handed out at the front door. */
export { claimConstraints } from './claim.service.js';

/** Free time and claims: what later rooms build visits from. Knows no visit, only who holds what. */
@Injectable()
export class ScheduleService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(ClaimService) private readonly claims: ClaimService,
  ) {}

  /** When resources are open and nobody has them, by resource id and time. One statement. */
  async freeSpans(reader: Reader, query: FreeSpanQuery): Promise<readonly FreeSpan[]> {
    return this.freeTime.freeSpans(reader, query);
  }

  /** When resources are open, whoever has them. */
  async openSpans(
    reader: Reader,
    query: Omit<FreeSpanQuery, 'ignoreHolderId'>,
  ): Promise<readonly FreeSpan[]> {
    return this.freeTime.openSpans(reader, query);
  }

  /**
   * Takes every span for the holder and answers null, or takes none: a refusal must be returned from the transaction, which undoes the rest.
   * To move a visit, release its old spans first, in the same transaction.
   */
  async claimSpans(tx: Tx, claim: ClaimRequest): ReturnType<ClaimService['claimSpans']> {
    return this.claims.claimSpans(tx, claim);
  }

  /** Gives back everything the holder has. How many spans that were; none is no mistake. */
  async releaseSpans(tx: Tx, holderId: string, at: Temporal.Instant): Promise<number> {
    return this.claims.releaseSpans(tx, holderId, at);
  }

  /** What the holder has now, in order of time. */
  async spansHeld(tx: Tx, holderId: string): Promise<readonly ResourceSpan[]> {
    return this.claims.spansHeld(tx, holderId);
  }

  /** Resources by id, for names on screens and letters; retired ones too. */
  async resourcesById(
    reader: Pick<Reader, 'resource'>,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Resource>> {
    return this.freeTime.resourcesById(reader, ids);
  }
}
