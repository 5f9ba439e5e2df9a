import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { findChainOffers } from '../scheduling/diary.service.js';
import { OPENABLE_TIME } from './openable-time.queries.js';

type ChainSearch = Parameters<typeof findChainOffers>[0];

/** Longer than this ahead nobody arranges an extra session for one patient; and every day more makes the answer slower. */
const LOOK_AHEAD_DAYS = 28;
const DAY_MS = 86_400_000;

interface OpenableRow {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly skills: readonly string[];
  readonly siteId: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The time in which somebody could be asked to work more. */
@Injectable()
export class OpenableTimeService {
  constructor(@Inject(Config) private readonly config: Config) {}

  /** Of resources of these kinds: the clinic's days but for closures, leave and what is taken. One statement. */
  async openable(
    tx: Tx,
    asked: {
      readonly kinds: readonly ResourceKind[];
      readonly search: ChainSearch;
      readonly ignoreHolderId: string | null;
    },
  ): Promise<ChainSearch['diary']> {
    const { kinds, search, ignoreHolderId } = asked;
    const untilMs = Math.min(search.untilMs, search.fromMs + LOOK_AHEAD_DAYS * DAY_MS);
    if (kinds.length === 0 || search.fromMs >= untilMs) return [];
    const rows = await tx.$queryRawUnsafe<readonly OpenableRow[]>(
      OPENABLE_TIME,
      search.fromMs,
      untilMs,
      this.config.clinicTimeZone,
      kinds,
      ignoreHolderId,
    );
    return rows.map(({ starts, ends, ...resource }) => ({
      ...resource,
      starts: Float64Array.from(starts),
      ends: Float64Array.from(ends),
    }));
  }
}
