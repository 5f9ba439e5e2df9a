import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, localDate, spanOfDay, type Temporal } from '../../platform/time/index.js';
import { ScanGateService } from './scan-gate.service.js';
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
    @Inject(ScanGateService) private readonly gates: ScanGateService,
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
      select: { scannerId: true, status: true, bookingId: true },
    });
    const ids = [...new Set(entries.map(({ bookingId }) => bookingId))];
    const closed = await this.gates.closedToScanners(client, ids);
    const days = offeredDays(profile, today);
    return entries.filter(({ bookingId, ...entry }) => {
      const step = { ...entry, closedGate: closed.get(bookingId) ?? null };
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
