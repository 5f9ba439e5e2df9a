import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  MergeHoldOrder,
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { PatientPresenceService, type PresenceOfBoth } from '../scheduling/patient-presence.service.js';
import {
  HOLD_PLACES_OFFERED,
  HOLD_REQUESTS_OF_PATIENTS,
  HOLD_SERIES_OF_PATIENTS,
  HOLD_VISITS_OF_PATIENTS,
  OFFERS_GO_BACK,
  REQUESTS_GO_BACK,
  SERIES_GO_BACK,
  TELL_DAYS_FROM,
  VISITS_GO_BACK,
} from './patient-visits-merge.queries.js';

const REQUESTS = 'visit requests';
const SERIES = 'series';
const VISITS = 'visits';
const OFFERS = 'places offered';

/** Visits, series and requests follow when two records become one, with the time of the patient, and go back when that is undone. */
@Injectable()
export class PatientVisitsMergeService implements PatientMergeFollower {
  readonly room = 'visits';
  readonly holdOrder = MergeHoldOrder.VISITS;

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(PatientPresenceService) private readonly presences: PatientPresenceService,
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
  ) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRawUnsafe(HOLD_PLACES_OFFERED, patientIds);
    await tx.$queryRawUnsafe(HOLD_SERIES_OF_PATIENTS, patientIds);
    await tx.$queryRawUnsafe(HOLD_VISITS_OF_PATIENTS, patientIds);
    await tx.$queryRawUnsafe(HOLD_REQUESTS_OF_PATIENTS, patientIds);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const where = { patientId: from };
    const rows = {
      [REQUESTS]: await tx.visitRequest.count({ where }),
      [SERIES]: await tx.visitSeries.count({ where }),
      [VISITS]: await tx.visit.count({ where }),
      [OFFERS]: await tx.freedPlaceOffer.count({ where }),
    };
    const ofBoth = await this.presences.ofBoth(tx, from, into);
    return { rows, conflicts: ofBoth.map((time) => this.#twoPlaces(time)) };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const change = { where: { patientId: from }, data: { patientId: into }, select: { id: true } } as const;
    await moved(REQUESTS, idsOf(await tx.visitRequest.updateManyAndReturn(change)));
    await moved(SERIES, idsOf(await tx.visitSeries.updateManyAndReturn(change)));
    const visits = idsOf(await tx.visit.updateManyAndReturn(change));
    await moved(VISITS, visits);
    await moved(OFFERS, idsOf(await tx.freedPlaceOffer.updateManyAndReturn(change)));
    await this.presences.moveAll(tx, from, into);
    if (visits.length > 0) await this.#tellDays(tx);
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await tx.$executeRawUnsafe(REQUESTS_GO_BACK, from, into, moved.get(REQUESTS) ?? []);
    await tx.$executeRawUnsafe(SERIES_GO_BACK, from, into, moved.get(SERIES) ?? []);
    const visits = await tx.$queryRawUnsafe<{ id: string }[]>(
      VISITS_GO_BACK,
      ...[from, into, moved.get(VISITS) ?? []],
    );
    await this.presences.moveOf(tx, idsOf(visits), from);
    await tx.$executeRawUnsafe(OFFERS_GO_BACK, from, into);
    if (visits.length > 0) await this.#tellDays(tx);
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const patientId = into;
    return {
      stayed: {
        [REQUESTS]: await tx.visitRequest.count({ where: { patientId, requestedAt: since } }),
        [SERIES]: await tx.visitSeries.count({ where: { patientId, bookedAt: since } }),
        [VISITS]: await tx.visit.count({ where: { patientId, bookedAt: since } }),
      },
      impossible: [],
    };
  }

  async #tellDays(tx: Tx): Promise<void> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    await tx.$queryRawUnsafe(TELL_DAYS_FROM, today.toString());
  }

  #twoPlaces({ startsAt, endsAt }: PresenceOfBoth): string {
    const zone = this.config.clinicTimeZone;
    const [starts, ends] = [startsAt, endsAt].map((at) => at.toZonedDateTimeISO(zone).toPlainDateTime());
    const time = (at: typeof starts) => at?.toPlainTime().toString({ smallestUnit: 'minute' }) ?? '';
    return (
      `Both are expected on ${starts?.toPlainDate().toString()} from ${time(starts)} to ${time(ends)}, ` +
      'in two visits. Move or cancel one of them first.'
    );
  }
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
