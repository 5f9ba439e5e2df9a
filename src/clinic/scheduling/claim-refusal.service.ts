import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate, spanOfDay, Temporal } from '../../platform/time/index.js';
import { PATIENT_ELSEWHERE } from './claim.queries.js';
import { circumstances, sayWhen, wholeOf } from './claim.rules.js';
import { firstFit, sayOpenHours, spansOutside } from './free-span.rules.js';
import { FreeTimeService } from './free-time.service.js';
import { OutsideOpeningHours, PatientElsewhere, SlotAlreadyTaken } from './schedule.refusals.js';
import type { FreeSpan, ResourceSpan, Span, SpansToClaim } from './schedule.type.js';

/** How far to look for the next free time when one is taken. Later than this, ask for offers. */
const NEXT_FREE_MAX_DAYS = 28;

/** Why a claim could not be taken, looked up only when one could not: what is in the way, and what would be free. */
@Injectable()
export class ClaimRefusalService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Where else the patient has to be. */
  async whyElsewhere(
    tx: Tx,
    holderId: string,
    patientId: string,
    spans: readonly Span[],
  ): Promise<PatientElsewhere> {
    const [row] = await tx.$queryRawUnsafe<readonly { startsAt: Date; endsAt: Date }[]>(
      PATIENT_ELSEWHERE,
      patientId,
      spans.map((span) => span.startsAt.toString()),
      spans.map((span) => span.endsAt.toString()),
      holderId,
    );
    if (row === undefined) return new PatientElsewhere();
    const elsewhere = { startsAt: instantFromDate(row.startsAt), endsAt: instantFromDate(row.endsAt) };
    return new PatientElsewhere(elsewhere, sayWhen(elsewhere, this.config.clinicTimeZone));
  }

  /** Closed, or open and taken? Asked only when something is in the way. */
  async whyNotFree(
    tx: Tx,
    claim: SpansToClaim,
    spans: readonly ResourceSpan[],
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken> {
    const timeZone = this.config.clinicTimeZone;
    const resourceIds = spans.map((span) => span.resourceId);
    const whole = wholeOf(spans);
    const days = {
      startsAt: spanOfDay(localDate(whole.startsAt, timeZone), timeZone).start,
      endsAt: spanOfDay(localDate(whole.endsAt, timeZone), timeZone).end,
    };
    const open = await this.freeTime.openSpans(tx, { ...circumstances(claim), window: days, resourceIds });
    const [closed] = spansOutside(spans, open);
    if (closed) return this.#outsideHours(tx, closed, open);
    const window = { startsAt: whole.startsAt, endsAt: whole.endsAt.add({ hours: NEXT_FREE_MAX_DAYS * 24 }) };
    const { holderId: ignoreHolderId } = claim;
    const free = await this.freeTime.freeSpans(tx, {
      ...circumstances(claim),
      window,
      resourceIds,
      ignoreHolderId,
    });
    const [taken] = spansOutside(spans, free);
    return new SlotAlreadyTaken(taken ? firstFit(taken, free) : null);
  }

  async #outsideHours(tx: Tx, closed: ResourceSpan, open: readonly FreeSpan[]): Promise<OutsideOpeningHours> {
    const timeZone = this.config.clinicTimeZone;
    const day = spanOfDay(localDate(closed.startsAt, timeZone), timeZone);
    const hours = open.filter(
      (span) =>
        span.resourceId === closed.resourceId &&
        Temporal.Instant.compare(span.startsAt, day.end) < 0 &&
        Temporal.Instant.compare(span.endsAt, day.start) > 0,
    );
    const resources = await this.freeTime.resourcesById(tx, [closed.resourceId]);
    const name = resources.get(closed.resourceId)?.name ?? 'The resource';
    const openSpans = hours.map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
    const whenOpen = sayOpenHours(name, closed.startsAt, openSpans, timeZone);
    return new OutsideOpeningHours(closed.resourceId, openSpans, whenOpen);
  }
}
