import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Referrer as ReferrerRow } from '../../platform/database/generated/client.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, instantFromDate, localDate, plainDateFromDate } from '../../platform/time/index.js';
import { heldReferrer } from './referrer.queries.js';
import { displayName, isEntitledOn } from './referrer.rules.js';
import type { Referrer } from './referrer.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reading the directory. */
@Injectable()
export class ReferrerRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The entry, or NOT_FOUND. With `hold` nobody changes it until the transaction ends. */
  async mustHaveReferrer(tx: Tx, id: string, options: { hold?: boolean } = {}): Promise<Referrer> {
    if (!UUID.test(id)) throw notFound('referrer');
    if (options.hold) await tx.$queryRaw(heldReferrer(id));
    const row = await tx.referrer.findUnique({ where: { id } });
    if (row === null) throw notFound('referrer');
    return this.toReferrer(row);
  }

  /** Those of these entries that exist, retired or not, in one statement. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Referrer>> {
    const where = { id: { in: [...new Set(ids)].filter((id) => UUID.test(id)) } };
    const rows = await client.referrer.findMany({ where });
    return new Map(rows.map((row) => [row.id, this.toReferrer(row)]));
  }

  /** What a referral says of its referrer, as the directory has it now. Throws NOT_FOUND, and BAD_INPUT for a retired one. */
  async asNamed(tx: Tx, id: string) {
    const referrer = await this.mustHaveReferrer(tx, id);
    if (referrer.retiredAt !== null) throw badInput('referrerId: this referrer is retired.');
    return {
      referrerName: displayName(referrer),
      referrerOrganisation: referrer.organisation,
      referrerRegistration: referrer.registration,
    };
  }

  toReferrer(row: ReferrerRow): Referrer {
    const { registeredById: _registeredById, searchName: _searchName, ...entry } = row;
    const entitledFrom = dayOrNull(row.entitledFrom);
    const entitledUntil = dayOrNull(row.entitledUntil);
    const today = localDate(this.clock.now(), this.config.clinicTimeZone).toString();
    return {
      ...entry,
      entitledFrom,
      entitledUntil,
      isEntitledToday: isEntitledOn({ ...entry, entitledFrom, entitledUntil }, today),
      registeredAt: instantFromDate(row.registeredAt),
      retiredAt: row.retiredAt === null ? null : instantFromDate(row.retiredAt),
    };
  }
}

function dayOrNull(date: Date | null): string | null {
  return date === null ? null : plainDateFromDate(date).toString();
}
