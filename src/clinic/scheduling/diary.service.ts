import { Inject, Injectable } from '@nestjs/common';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { Chain } from './chain.rules.js';
import { type DiaryResource, type MsSpan, subtractTimes, toFreeTimes, toSpans } from './diary.rules.js';
import { FreeTimeService, isEmpty } from './free-time.service.js';
import { DIARY } from './schedule.queries.js';
import type { DiaryQuery, PatientFreeOptions, Reader, Span } from './schedule.type.js';

/** Pure rules that callers ask themselves with a diary in hand, handed out at the front door. */
export { spansToClaim } from './chain-offer.rules.js';
export { possibleStarts } from './chain-possible.rules.js';
export { addTimes, subtractTimes, toFreeTimes, toSpans } from './diary.rules.js';
export {
  findOffersAtSites as findChainOffers,
  helpAtSites,
  whyNoneAnywhere as whyNone,
  whyNoneAtSites,
} from './site-offer.rules.js';
export { swapHelp } from './swap-help.rules.js';
export { sayWhyNone } from './why-none-words.rules.js';

const MINUTE_MS = 60_000;

interface DiaryRow {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly skills: readonly string[];
  readonly siteId: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** What the search for visits of any number of steps reads: who is free when, in numbers. */
@Injectable()
export class DiaryService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Free time of the resources that can serve the chain, by id; those without a free moment are left out. One
   * statement, whatever the days and resources. Reaches beyond the window by the chain's longest buffers: what is
   * prepared before the window and cleared after it must be free then, too. Holds that have ended do not count; sessions
   * that are for other kinds of visit only are closed.
   */
  async diary(reader: Reader, query: DiaryQuery): Promise<readonly DiaryResource[]> {
    if (isEmpty(query.window)) return [];
    const needs = query.chain.steps.flatMap((step) => step.needs);
    const before = Math.max(0, ...needs.map((need) => need.bufferBeforeMinutes));
    const after = Math.max(0, ...needs.map((need) => need.bufferAfterMinutes));
    const parameters = this.freeTime.parametersOf(
      {
        window: {
          startsAt: query.window.startsAt.subtract({ minutes: before }),
          endsAt: query.window.endsAt.add({ minutes: after }),
        },
        kinds: [...new Set(needs.map((need) => need.kind))],
        wantedResourceIds: query.wantedResourceIds,
        ignoreHolderId: query.ignoreHolderId,
        visitTypeCode: query.visitTypeCode,
      },
      true,
    );
    if (parameters === null) return [];
    const rows = await reader.$queryRawUnsafe<readonly DiaryRow[]>(DIARY, ...parameters);
    return rows
      .filter((row) => canServe(row, query.chain))
      .map(({ starts, ends, ...resource }) => ({
        ...resource,
        starts: Float64Array.from(starts),
        ends: Float64Array.from(ends),
      }));
  }

  /**
   * When the patient can be at the clinic inside the window: always but for other visits, with the way there and back
   * around each. Epoch milliseconds, half-open, in order. One statement.
   */
  async patientFree(
    reader: Reader,
    patientId: string,
    window: Span,
    { ignoreHolderId, travelMinutes }: PatientFreeOptions,
  ): Promise<readonly MsSpan[]> {
    const options = ignoreHolderId === undefined ? {} : { ignoreHolderId };
    const [free] = await this.patientsFree(reader, [{ patientId, travelMinutes }], window, options);
    return free ?? [];
  }

  /** The same for each of several, in their order. One statement, however many they are. */
  async patientsFree(
    reader: Reader,
    patients: readonly { readonly patientId: string; readonly travelMinutes: number }[],
    window: Span,
    { ignoreHolderId }: Pick<PatientFreeOptions, 'ignoreHolderId'> = {},
  ): Promise<readonly (readonly MsSpan[])[]> {
    if (isEmpty(window)) return patients.map(() => []);
    const travelMinutes = Math.max(0, ...patients.map((patient) => patient.travelMinutes));
    const rows = await reader.patientPresence.findMany({
      where: {
        patientId: { in: [...new Set(patients.map(({ patientId }) => patientId))] },
        releasedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: dateFromInstant(this.clock.now()) } }],
        startsAt: { lt: dateFromInstant(window.endsAt.add({ minutes: travelMinutes })) },
        endsAt: { gt: dateFromInstant(window.startsAt.subtract({ minutes: travelMinutes })) },
        ...(ignoreHolderId === undefined ? {} : { holderId: { not: ignoreHolderId } }),
      },
      select: { patientId: true, startsAt: true, endsAt: true },
    });
    const whole = toFreeTimes([[window.startsAt.epochMilliseconds, window.endsAt.epochMilliseconds]]);
    return patients.map((patient) => {
      const travelMs = patient.travelMinutes * MINUTE_MS;
      const taken = rows
        .filter(({ patientId }) => patientId === patient.patientId)
        .map((row): MsSpan => [row.startsAt.getTime() - travelMs, row.endsAt.getTime() + travelMs]);
      return toSpans(subtractTimes(whole, taken));
    });
  }
}

/** It is of the kind of some need and has the skill that the need asks for. */
function canServe(row: DiaryRow, chain: Chain): boolean {
  return chain.steps.some((step) =>
    step.needs.some(
      (need) => need.kind === row.kind && (need.skill === null || row.skills.includes(need.skill)),
    ),
  );
}
