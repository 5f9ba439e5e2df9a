import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { DiaryService } from '../scheduling/diary.service.js';
import type { DiaryQuery, DiaryResource, MsSpan, Reader, Span } from '../scheduling/schedule.type.js';
import { common, type Stretch, statedFree, type TimeOfPatient } from './stated-times.rules.js';
import { type IsSuitable, VisitCompanions } from './visit-companion.service.js';

/** What is known of when a patient can come. */
export interface PatientWish {
  readonly patientId: string | null;
  readonly travelMinutes: number;
  readonly times: readonly TimeOfPatient[];
  readonly dailyTimes: { readonly fromTime: string | null; readonly untilTime: string | null };
}

/** When a visit can be, as far as its patient goes. */
export interface PatientTime {
  /** When the patient can be at the clinic; null: nothing is known of it. */
  readonly patientFree: readonly Stretch[] | null;
  /** Stretches of which one must hold the visit whole; null: the waits in it are the patient's own. */
  readonly undisturbed: readonly MsSpan[] | null;
}

/** What visits of a kind are looked for in: everything that would refuse a booking, and can be known, is not in it. */
@Injectable()
export class SearchGroundService {
  constructor(
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** What of the clinic's resources the room that follows such visits has a use for. */
  async whatSuits(reader: Tx, companion: string | null): Promise<IsSuitable> {
    return this.companions.whatSuits(reader, companion);
  }

  keepsPatient(companion: string | null): boolean {
    return this.companions.keepsPatient(companion);
  }

  /** The free time of what can serve, and suits. One statement. */
  async diary(reader: Reader, query: DiaryQuery, suits: IsSuitable): Promise<readonly DiaryResource[]> {
    return (await this.diaries.diary(reader, query)).filter(suits);
  }

  /**
   * What the patient said, less the visits they have and the way between. Where the companion keeps the patient, nor is
   * any of those visits during the waits; where the patient spends a wait, and how they come, is their own affair.
   */
  async patientTime(
    tx: Tx,
    wish: PatientWish,
    window: Span,
    of: { readonly companion: string | null; readonly ignoreHolderId: string | null },
  ): Promise<PatientTime> {
    const zone = this.config.clinicTimeZone;
    const range = { fromMs: window.startsAt.epochMilliseconds, untilMs: window.endsAt.epochMilliseconds };
    const { fromTime, untilTime } = wish.dailyTimes;
    const daily = { isoWeekday: null, fromTime, untilTime, firstOn: null, lastOn: null, isExcluded: false };
    const { patientId, travelMinutes } = wish;
    const [around, between] =
      patientId === null
        ? []
        : await this.diaries.patientsFree(
            tx,
            [
              { patientId, travelMinutes },
              { patientId, travelMinutes: 0 },
            ],
            window,
            of.ignoreHolderId === null ? {} : { ignoreHolderId: of.ignoreHolderId },
          );
    const said = [
      statedFree(wish.times, range, zone),
      fromTime === null && untilTime === null ? null : statedFree([daily], range, zone),
      around ?? null,
    ].filter((free) => free !== null);
    const [first, ...others] = said;
    return {
      patientFree: first === undefined ? null : others.reduce(common, first),
      undisturbed: this.keepsPatient(of.companion) ? (between ?? null) : null,
    };
  }
}
