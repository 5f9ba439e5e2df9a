import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { TRANSACTION_TIMEOUT_MS, type Tx } from '../../platform/database/database.service.js';
import { Clock, instantFromDate } from '../../platform/time/index.js';
import { ClaimHolders } from '../scheduling/claim-holders.service.js';
import { BEYOND_SKILLS, KINDS_OF_VISITS } from './claim-holder.queries.js';

interface SpanRow {
  readonly resourceId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Tells the calendar what its claims are for, so that no change leaves a visit with people or hours that do not serve it. */
@Injectable()
export class ClaimHolderService implements OnModuleInit {
  constructor(
    @Inject(ClaimHolders) private readonly holders: ClaimHolders,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.holders.register({
      kindsOf: (tx, holderIds) => this.#kindsOf(tx, holderIds),
      beyondSkills: (tx, resourceId, skills) => this.#beyondSkills(tx, resourceId, skills),
    });
  }

  async #kindsOf(tx: Tx, holderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.$queryRawUnsafe<readonly { readonly id: string; readonly visitTypeCode: string }[]>(
      KINDS_OF_VISITS,
      holderIds,
    );
    return new Map(rows.map(({ id, visitTypeCode }) => [id, visitTypeCode]));
  }

  async #beyondSkills(tx: Tx, resourceId: string, skills: readonly string[]) {
    const now = this.clock.now();
    const holdsSince = now.subtract({ milliseconds: TRANSACTION_TIMEOUT_MS });
    const rows = await tx.$queryRawUnsafe<readonly SpanRow[]>(
      BEYOND_SKILLS,
      resourceId,
      skills,
      now.toString(),
      holdsSince.toString(),
    );
    return rows.map((row) => ({
      resourceId: row.resourceId,
      startsAt: instantFromDate(row.startsAt),
      endsAt: instantFromDate(row.endsAt),
    }));
  }
}
