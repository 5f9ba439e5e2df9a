import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { Clock, spanOfDay, Temporal } from '../../platform/time/index.js';
import { DiaryService, type findChainOffers, swapHelp } from '../scheduling/diary.service.js';
import { common, statedFree, type TimeOfPatient } from './stated-times.rules.js';
import { MOVABLE_VISITS } from './swap-help.queries.js';

type ChainSearch = Parameters<typeof findChainOffers>[0];
type Help = ReturnType<typeof swapHelp>[number];
type Movable = Parameters<typeof swapHelp>[2][number];

/** Each is a search of its own, and one more for its new place: so many visits are tried. */
const MOVABLE_TRIED_MAX = 30;

/** A visit that could make room, and how. */
export interface Swap extends Help {
  readonly version: number;
  readonly startMs: number;
  /** What it has now, for the names. */
  readonly diary: Movable['claims'];
}

export interface SwapSought {
  readonly visitTypeCode: string;
  readonly protocolId: string;
  /** What is missing. */
  readonly kinds: readonly ResourceKind[];
  readonly search: ChainSearch;
  /** The same over the whole of the open diary. */
  readonly whole: ChainSearch;
  readonly patientId: string | null;
  readonly ignoreHolderId: string | null;
  readonly wantedResourceIds: readonly string[];
  readonly siteCode: string | null;
  /** Visits of this kind keep their patient through their waits. */
  readonly keepsPatient: boolean;
}

interface MovableRow {
  readonly id: string;
  readonly version: number;
  readonly patientId: string;
  readonly startMs: number;
  readonly promisedOn: string;
  readonly travelMinutes: number;
  readonly times: readonly TimeOfPatient[];
  readonly claims: Movable['claims'];
}

/** Whose visit could be moved to make room for another. Says which visit, and nothing of whose it is. */
@Injectable()
export class SwapHelpService {
  constructor(
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(Config) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Two statements, however many visits there are; none when nothing is missing that a visit could have. */
  async swaps(tx: Tx, sought: SwapSought): Promise<readonly Swap[]> {
    const { search, whole, kinds } = sought;
    if (kinds.length === 0 || search.fromMs >= search.untilMs) return [];
    const rows = await tx.$queryRawUnsafe<readonly MovableRow[]>(
      MOVABLE_VISITS,
      sought.visitTypeCode,
      sought.protocolId,
      kinds,
      search.fromMs,
      search.untilMs,
      this.clock.now().toString(),
      this.config.clinicTimeZone,
      sought.patientId,
      sought.ignoreHolderId,
      sought.wantedResourceIds,
      sought.siteCode,
      MOVABLE_TRIED_MAX,
    );
    if (rows.length === 0) return [];
    const window = { startsAt: instantOf(whole.fromMs), endsAt: instantOf(whole.untilMs) };
    // The whole of a visit stays clear of the others of its patient where this kind does; the way to each only at its ends.
    const own = sought.keepsPatient ? rows.map(({ patientId }) => ({ patientId, travelMinutes: 0 })) : [];
    const free = await this.diaries.patientsFree(tx, [...rows, ...own], window);
    const movables = rows.map((row, place) => ({
      ...this.#movable(row, free[place] ?? [], whole),
      undisturbed: free[rows.length + place] ?? null,
    }));
    return swapHelp(search, whole, movables).flatMap((help) => {
      const row = rows.find(({ id }) => id === help.holderId);
      return row === undefined
        ? []
        : { ...help, version: row.version, startMs: row.startMs, diary: row.claims };
    });
  }

  #movable(row: MovableRow, present: readonly (readonly [number, number])[], whole: ChainSearch): Movable {
    const zone = this.config.clinicTimeZone;
    const said = statedFree(row.times, { fromMs: whole.fromMs, untilMs: whole.untilMs }, zone);
    return {
      holderId: row.id,
      claims: row.claims,
      patientFree: said === null ? present : common(present, said),
      startsBeforeMs: spanOfDay(Temporal.PlainDate.from(row.promisedOn), zone).end.epochMilliseconds,
    };
  }
}

function instantOf(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
