import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, localDate, spanOfDay, type Temporal } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import { dayText, offeredDays, whyHidden } from './worklist.rules.js';

/** A scanner as Facet plays it to ask its own port. */
export interface ProbedScanner {
  readonly id: string;
  readonly stationAETitle: string;
  readonly answersMax: number;
  /** The day on the clock beside it. */
  readonly today: Temporal.PlainDate;
}

export interface ProbeResult {
  /** Null: all is well. */
  readonly problem: string | null;
  readonly answers: number | null;
}

/** What Facet's own query needs to know and leaves behind. */
@Injectable()
export class ScannerProbeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ConsentService) private readonly consent: ConsentService,
  ) {}

  /** Those that may call. */
  async scanners(): Promise<ProbedScanner[]> {
    const rows = await this.database.client.scanner.findMany({
      where: { retiredAt: null },
      select: { id: true, stationAETitle: true, answersMax: true, timeZone: true },
      orderBy: { name: 'asc' },
    });
    const now = this.clock.now();
    return rows.map(({ timeZone, ...row }) => ({
      ...row,
      today: localDate(now, timeZone ?? this.config.clinicTimeZone),
    }));
  }

  /** Steps of today that its worklist has to show it, counted in the database itself; null when it may not call now. */
  async expectedToday(scannerId: string): Promise<number | null> {
    const { client } = this.database;
    const profile = await client.scanner.findUnique({ where: { id: scannerId } });
    if (profile === null || profile.retiredAt !== null) return null;
    const timeZone = profile.timeZone ?? this.config.clinicTimeZone;
    const now = this.clock.now();
    const today = localDate(now, timeZone);
    const { start, end } = spanOfDay(today, timeZone);
    const entries = await client.worklistEntry.findMany({
      where: { scannerId, startsAt: { gte: dateFromInstant(start), lt: dateFromInstant(end) } },
      select: { scannerId: true, status: true, booking: { select: { patientId: true } } },
    });
    const consenting = await this.consent.patientsInForce(
      client,
      [...new Set(entries.map(({ booking }) => booking.patientId))],
      ConsentPurpose.IMAGING_TRACER_AND_XRAYS,
      now,
    );
    const days = offeredDays(profile, today);
    return entries.filter(({ booking, ...entry }) => {
      const step = { ...entry, consentInForce: consenting.has(booking.patientId) };
      return whyHidden(step, dayText(today), profile, days) === null;
    }).length;
  }

  async noteProbe(scannerId: string, { problem, answers }: ProbeResult): Promise<void> {
    const probe = {
      probedAt: dateFromInstant(this.clock.now()),
      probeProblem: problem,
      probeAnswers: answers,
    };
    await this.database.client.scannerContact.upsert({
      where: { scannerId },
      create: { scannerId, ...probe },
      update: probe,
    });
  }
}
