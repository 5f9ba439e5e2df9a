import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralAction, Role } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, localDate } from '../../platform/time/index.js';
import type { ReferralReasonNotYours } from './referral.refusals.js';
import { canGiveReason, reasonProblem, USUAL_REASON } from './referral-reason.rules.js';
import type { ReferralReason } from './referral-reason.type.js';
import type { ReferralServiceKind } from './referral-service-kind.type.js';

/** Reasons and services: reference data, retired and never removed. */
@Injectable()
export class ReferralReasonService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Those in use today, by name. Whoever asks inside a transaction hands it in. */
  async reasons(
    reader: Pick<Tx, 'referralReason'> = this.database.client,
  ): Promise<readonly ReferralReason[]> {
    const rows = await reader.referralReason.findMany({
      where: this.#inUse(),
      orderBy: [{ name: 'asc' }, { code: 'asc' }],
    });
    return rows.map(({ retiredOn: _retiredOn, ...reason }) => reason);
  }

  /** What patients can be referred for today, by name. Whoever asks inside a transaction hands it in. */
  async services(
    reader: Pick<Tx, 'referralServiceKind'> = this.database.client,
  ): Promise<readonly ReferralServiceKind[]> {
    return reader.referralServiceKind.findMany({
      where: this.#inUse(),
      select: { code: true, name: true },
      orderBy: [{ name: 'asc' }, { code: 'asc' }],
    });
  }

  /** The service that is named, or null for none. Throws BAD_INPUT for one that there is not. */
  async serviceOf(tx: Tx, code: string | null): Promise<string | null> {
    if (code === null) return null;
    const codes = (await this.services(tx)).map((service) => service.code);
    if (!codes.includes(code)) throw badInput(`serviceCode: must be one of ${codes.join(', ')}.`);
    return code;
  }

  #inUse() {
    const today = dateFromPlainDate(localDate(this.clock.now(), this.config.clinicTimeZone));
    return { OR: [{ retiredOn: null }, { retiredOn: { gt: today } }] };
  }

  /**
   * The reason that is given for an action, or meant when none is said; null when the action wants none. Throws
   * BAD_INPUT for one that there is not, and for a comment that is missing.
   */
  async reasonFor(
    tx: Tx,
    given: {
      readonly action: ReferralAction;
      readonly reasonCode: string | null;
      readonly comment: string | null;
      readonly roles: readonly Role[];
    },
  ): Promise<ReferralReason | ReferralReasonNotYours | null> {
    const code = given.reasonCode ?? USUAL_REASON[given.action] ?? null;
    if (code === null) return null;
    const reasons = await this.reasons(tx);
    const problem = reasonProblem(reasons, { ...given, code });
    const reason = reasons.find((known) => known.code === code);
    if (problem !== null || reason === undefined) throw badInput(problem ?? 'reasonCode: is not known.');
    return canGiveReason(reason, given.roles) ?? reason;
  }
}
