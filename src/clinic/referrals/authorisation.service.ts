import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralAuthorisation as AuthorisationRow } from '../../platform/database/generated/client.js';
import { badInput } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { isInForce, readProcedureCodes, termProblem } from './authorisation.rules.js';
import type {
  CorrectAuthorisationInput,
  RecordAuthorisationInput,
  ReferralAuthorisation,
  RetireAuthorisationInput,
} from './authorisation.type.js';
import { type ContentTable, type NotCorrected, ReferralContentService } from './referral-content.service.js';
import { someText } from './referral-text.rules.js';

type Columns = Omit<AuthorisationRow, 'id' | 'referralId' | 'version'>;

/** What insurers have agreed to, before it is done. */
@Injectable()
export class AuthorisationService {
  readonly #table: ContentTable<ReferralAuthorisation, Columns> = {
    noun: 'referral-authorisation',
    find: async (tx, id) => {
      const row = await tx.referralAuthorisation.findUnique({ where: { id } });
      return row === null ? null : this.#toAuthorisation(row);
    },
    create: async (tx, columns) =>
      this.#toAuthorisation(await tx.referralAuthorisation.create({ data: columns })),
    update: async (tx, id, version, columns) => {
      const data = { ...columns, version: { increment: 1 } };
      const where = { id, version, retiredAt: null };
      return (await tx.referralAuthorisation.updateMany({ where, data })).count;
    },
  };

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ReferralContentService) private readonly content: ReferralContentService,
  ) {}

  /** One more agreement. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async recordAuthorisation(
    actor: StaffActor,
    input: RecordAuthorisationInput,
  ): Promise<ReferralAuthorisation> {
    const columns = {
      ...readAuthorisation(input),
      referralId: input.referralId,
      recordedAt: dateFromInstant(this.clock.now()),
      recordedById: actor.id,
      retiredAt: null,
    };
    return this.database.transaction((tx) => this.content.record(tx, actor, this.#table, columns));
  }

  /** The entry as it should have been. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async correctAuthorisation(
    actor: StaffActor,
    input: CorrectAuthorisationInput,
  ): Promise<ReferralAuthorisation | NotCorrected> {
    const entry = { id: input.authorisationId, version: input.version };
    const change = { verb: 'corrected', columns: readAuthorisation(input) } as const;
    return this.content.change(actor, this.#table, entry, change);
  }

  /** The entry does not hold, or the insurer took it back. Throws NOT_FOUND. */
  async retireAuthorisation(
    actor: StaffActor,
    input: RetireAuthorisationInput,
  ): Promise<ReferralAuthorisation | NotCorrected> {
    const entry = { id: input.authorisationId, version: input.version };
    const columns = { retiredAt: dateFromInstant(this.clock.now()) };
    const change = { verb: 'retired', columns, reason: someText(input.reason) } as const;
    return this.content.change(actor, this.#table, entry, change);
  }

  /** Those of each of these referrals that hold or will or did, by their first day. The look is recorded. */
  async authorisationsOf(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReferralAuthorisation[]>> {
    const read = (tx: Tx) =>
      tx.referralAuthorisation.findMany({
        where: { referralId: { in: [...referralIds] }, retiredAt: null },
        orderBy: [{ validFrom: 'asc' }, { id: 'asc' }],
      });
    const rows = await this.content.look(actor, 'referral-authorisations', referralIds, read);
    const entries = rows.map((row) => this.#toAuthorisation(row));
    return new Map(referralIds.map((id) => [id, entries.filter((entry) => entry.referralId === id)]));
  }

  #toAuthorisation(row: AuthorisationRow): ReferralAuthorisation {
    const { recordedById: _recordedById, ...entry } = row;
    const validFrom = plainDateFromDate(row.validFrom).toString();
    const validUntil = plainDateFromDate(row.validUntil).toString();
    const today = localDate(this.clock.now(), this.config.clinicTimeZone).toString();
    return {
      ...entry,
      validFrom,
      validUntil,
      isInForceToday: isInForce({ validFrom, validUntil }, today),
      recordedAt: instantFromDate(row.recordedAt),
      retiredAt: row.retiredAt === null ? null : instantFromDate(row.retiredAt),
    };
  }
}

function readAuthorisation(input: RecordAuthorisationInput | CorrectAuthorisationInput) {
  const problem = termProblem(input);
  if (problem !== null) throw badInput(problem);
  return {
    insurer: someText(input.insurer),
    membershipNumber: someText(input.membershipNumber),
    authorisationCode: someText(input.authorisationCode),
    procedureCodes: [...readProcedureCodes(input.procedureCodes ?? [])],
    sessions: input.sessions ?? null,
    validFrom: dateFromPlainDate(Temporal.PlainDate.from(input.validFrom)),
    validUntil: dateFromPlainDate(Temporal.PlainDate.from(input.validUntil)),
    amountPence: input.amountPence ?? null,
    excessPence: input.excessPence ?? null,
  };
}
