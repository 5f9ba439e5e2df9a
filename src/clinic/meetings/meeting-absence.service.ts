import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { absencesOf, memberAbsencesOf } from './meeting-series.rules.js';
import type { DisciplineAbsence, MemberAbsence } from './meeting-series.type.js';

/** Who was missing how often at the meetings of a series that were held: by discipline and by person. */
@Injectable()
export class MeetingAbsenceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Which discipline of the quorum was missing how often, of what was held in these days. Throws NOT_FOUND. */
  async byDiscipline(seriesId: string, from: string, until: string): Promise<readonly DisciplineAbsence[]> {
    const begins = this.#startOf(from);
    const held = await this.#held(seriesId, until);
    const meetings = held.filter(({ startsAt }) => startsAt >= begins);
    return absencesOf(
      meetings.flatMap(({ quorum }) => quorum),
      meetings.map(({ startsAt, attendances }) => ({
        heldAt: instantFromDate(startsAt),
        disciplines: attendances.map(({ discipline }) => discipline),
      })),
    );
  }

  /** Who of those that came once, or chaired, was missing how often since, of what was held in these days. Throws NOT_FOUND. */
  async byMember(seriesId: string, from: string, until: string): Promise<readonly MemberAbsence[]> {
    const held = await this.#held(seriesId, until);
    const people = new Map<string, Pick<MemberAbsence, 'staffId' | 'guestName' | 'organisation'>>();
    const disciplines = new Map<string, Set<MemberAbsence['disciplines'][number]>>();
    const meetings = held.map(({ startsAt, chairId, attendances }) => {
      people.set(chairId, { staffId: chairId, guestName: null, organisation: null });
      const present = attendances.map(({ staffId, guestName, organisation, discipline }) => {
        const key = staffId ?? `${guestName} ${organisation}`;
        people.set(key, { staffId, guestName, organisation });
        disciplines.set(key, (disciplines.get(key) ?? new Set()).add(discipline));
        return key;
      });
      return { heldAt: instantFromDate(startsAt), expected: [chairId], present };
    });
    return memberAbsencesOf(meetings, instantFromDate(this.#startOf(from))).flatMap(
      ({ member, ...counts }) => {
        const who = people.get(member);
        return who === undefined
          ? []
          : [{ ...who, ...counts, disciplines: [...(disciplines.get(member) ?? [])].toSorted() }];
      },
    );
  }

  async #held(seriesId: string, until: string) {
    const series = await this.database.client.meetingSeries.findUnique({
      where: { id: seriesId },
      select: {
        meetings: {
          where: { status: 'CLOSED', startsAt: { lt: this.#startOf(until, 1) } },
          select: { startsAt: true, quorum: true, chairId: true, attendances: true },
          orderBy: { startsAt: 'asc' },
        },
      },
    });
    if (series === null) throw notFound('meeting series');
    return series.meetings;
  }

  #startOf(day: string, daysLater = 0): Date {
    const date = Temporal.PlainDate.from(day).add({ days: daysLater });
    return dateFromInstant(startOfDay(date, this.config.clinicTimeZone));
  }
}
