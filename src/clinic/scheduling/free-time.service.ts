import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Resource as ResourceRow } from '../../platform/database/generated/client.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { type Resource, toResource } from './resource.type.js';
import { SPANS } from './schedule.queries.js';
import type { FreeSpan, FreeSpanQuery, Reader, Span } from './schedule.type.js';

/** A year ahead and a month: no diary is open for longer, and a longer window is a typing mistake. */
export const WINDOW_MAX_DAYS = 400;

interface SpanRow {
  readonly resourceId: string;
  readonly kind: ResourceKind;
  readonly resourceName: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** When resources are open and when they are free: one statement, whatever the days and resources. */
@Injectable()
export class FreeTimeService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** When resources are open and nobody has them, by resource id and time. A hold that has ended is nobody's. */
  async freeSpans(reader: Reader, query: FreeSpanQuery): Promise<readonly FreeSpan[]> {
    return this.#spans(reader, query, true);
  }

  /** When resources are open, whoever has them. */
  async openSpans(
    reader: Reader,
    query: Omit<FreeSpanQuery, 'ignoreHolderId'>,
  ): Promise<readonly FreeSpan[]> {
    return this.#spans(reader, query, false);
  }

  /** Resources by id, for names on screens and letters; retired ones too. */
  async resourcesById(
    reader: Pick<Reader, 'resource'>,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Resource>> {
    const rows: readonly ResourceRow[] = await reader.resource.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, toResource(row)]));
  }

  /** The parameters of `SPANS` and `DIARY`; null for a window without a moment in it. */
  parametersOf(query: FreeSpanQuery, minusClaims: boolean): readonly unknown[] | null {
    if (isEmpty(query.window)) return null;
    const { startsAt, endsAt } = query.window;
    return [
      dateFromInstant(startsAt),
      dateFromInstant(endsAt),
      this.config.clinicTimeZone,
      query.kinds ?? null,
      query.resourceIds ?? null,
      query.wantedResourceIds?.length ? query.wantedResourceIds : null,
      minusClaims,
      query.ignoreHolderId ?? null,
      dateFromInstant(query.asOf ?? this.clock.now()),
      query.visitTypeCode ?? null,
    ];
  }

  async #spans(reader: Reader, query: FreeSpanQuery, minusClaims: boolean): Promise<readonly FreeSpan[]> {
    const parameters = this.parametersOf(query, minusClaims);
    if (parameters === null) return [];
    const rows = await reader.$queryRawUnsafe<readonly SpanRow[]>(SPANS, ...parameters);
    return rows.map((row) => ({
      ...row,
      startsAt: instantFromDate(row.startsAt),
      endsAt: instantFromDate(row.endsAt),
    }));
  }
}

/** Throws when the window is longer than any diary. */
export function isEmpty({ startsAt, endsAt }: Span): boolean {
  if (Temporal.Instant.compare(startsAt, endsAt) >= 0) return true;
  if (startsAt.until(endsAt).total('hours') > WINDOW_MAX_DAYS * 24) {
    throw badInput(`Ask for at most ${WINDOW_MAX_DAYS} days of the diary at once.`);
  }
  return false;
}
