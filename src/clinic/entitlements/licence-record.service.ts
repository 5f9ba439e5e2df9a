import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { holdsOn, type LicenceFacts } from './licence.rules.js';
import type { Licence } from './licence.type.js';
import { LicencePolicyService } from './licence-policy.service.js';
import { type RenewalWeeks, renewalDays, renewalState } from './licence-renewal.rules.js';

const WHOLE = {
  staff: { select: { displayName: true } },
  ending: true,
  renewal: true,
  _count: { select: { reminders: true } },
} as const satisfies Prisma.LicenceInclude;
export type LicenceRow = Prisma.LicenceGetPayload<{ include: typeof WHOLE }>;

/** Licences as they are shown, each with where its renewal stands today. */
@Injectable()
export class LicenceRecordService {
  constructor(@Inject(LicencePolicyService) private readonly policies: LicencePolicyService) {}

  /** The day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return this.policies.today();
  }

  /** How long before their end licences are renewed, as it holds today. */
  async weeks(client: Pick<Tx, 'licencePolicy'>): Promise<RenewalWeeks> {
    return this.policies.inForce(client, this.today());
  }

  /** One as it is kept. Throws NOT_FOUND. */
  async row(client: Tx, id: string): Promise<LicenceRow> {
    const row = await client.licence.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('licence');
    return row;
  }

  /** One, as it stands today. Throws NOT_FOUND. */
  async read(client: Tx, id: string): Promise<Licence> {
    const row = await this.row(client, id);
    const weeks = await this.weeks(client);
    const others = await this.othersOf(client, [row]);
    return toLicence(row, { others, weeks, today: this.today() });
  }

  /** Those that end first at the top. */
  async list(client: Tx, where: Prisma.LicenceWhereInput, licencesMax: number): Promise<readonly Licence[]> {
    const rows = await client.licence.findMany({
      where,
      include: WHOLE,
      orderBy: [{ validUntil: 'asc' }, { id: 'asc' }],
      take: licencesMax,
    });
    return this.#show(client, rows);
  }

  /** Whether it goes on depends on every other licence of the same holders. */
  async othersOf(client: Pick<Tx, 'licence'>, rows: readonly LicenceRow[]): Promise<readonly LicenceFacts[]> {
    if (rows.length === 0) return [];
    const siteCodes = [...new Set(rows.flatMap((row) => (row.staffId === null ? row.siteCodes : [])))];
    const staffIds = [...new Set(rows.flatMap(({ staffId }) => staffId ?? []))];
    const others = await client.licence.findMany({
      where: {
        OR: [{ kind: 'EMPLOYER', siteCodes: { hasSome: siteCodes } }, { staffId: { in: staffIds } }],
      },
      include: WHOLE,
    });
    return others.map(factsOf);
  }

  async #show(client: Tx, rows: readonly LicenceRow[]): Promise<readonly Licence[]> {
    if (rows.length === 0) return [];
    const today = this.policies.today();
    const weeks = await this.weeks(client);
    const others = await this.othersOf(client, rows);
    return rows.map((row) => toLicence(row, { others, weeks, today }));
  }
}

export function factsOf(row: LicenceRow): LicenceFacts {
  return {
    ...{ id: row.id, kind: row.kind, number: row.number, siteCodes: row.siteCodes, staffId: row.staffId },
    procedureCodes: row.procedureCodes,
    validFrom: plainDateFromDate(row.validFrom),
    validUntil: plainDateFromDate(row.validUntil),
    endedOn: row.ending === null ? null : plainDateFromDate(row.ending.endedOn),
  };
}

function toLicence(
  row: LicenceRow,
  {
    others,
    weeks,
    today,
  }: {
    readonly others: readonly LicenceFacts[];
    readonly weeks: RenewalWeeks;
    readonly today: Temporal.PlainDate;
  },
): Licence {
  const licence = factsOf(row);
  const { remindFrom, applyBy } = renewalDays(licence, weeks);
  const { ending, renewal } = row;
  return {
    ...{ id: row.id, kind: row.kind, number: row.number, siteCodes: row.siteCodes, staffId: row.staffId },
    holderName: row.staff?.displayName ?? null,
    procedureCodes: row.procedureCodes,
    validFrom: licence.validFrom.toString(),
    validUntil: licence.validUntil.toString(),
    source: row.source,
    recordedAt: instantFromDate(row.recordedAt),
    recordedById: row.recordedById,
    endedOn: licence.endedOn?.toString() ?? null,
    endReason: ending?.reason ?? null,
    endedById: ending?.endedById ?? null,
    holdsToday: holdsOn(licence, today),
    renewalState: renewalState({ licence, others, weeks, isAppliedFor: renewal !== null }, today),
    remindFrom: remindFrom.toString(),
    applyBy: applyBy.toString(),
    renewalAppliedOn: renewal === null ? null : plainDateFromDate(renewal.appliedOn).toString(),
    renewalReference: renewal?.reference ?? null,
    remindersCount: row._count.reminders,
  };
}
