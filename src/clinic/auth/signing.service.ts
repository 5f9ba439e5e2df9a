import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config, SecondFactorRule } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { SecondFactor } from '../../platform/database/generated/client.js';
import { KeyRing } from '../../platform/storage/index.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { stepOfCode } from '../../platform/totp/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SecondFactorWanted, SecondFactorWrong } from './second-factor.refusals.js';
import {
  afterWrongCode,
  type CodeState,
  isAppCode,
  isCodeLocked,
  isStepFresh,
  plainCode,
  STEPS_EITHER,
} from './second-factor.rules.js';

/** Whether somebody may sign now, and codes of a second factor: each serves once. */
@Injectable()
export class SigningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(KeyRing) private readonly keys: KeyRing,
  ) {}

  /**
   * For later rooms: null when `actor` may sign with this code. It is asked in the transaction of the signature, after
   * everything else was decided: a code that served is used up when that transaction is committed, and not before. A
   * refusal must be returned from the transaction; then a wrong code is counted, although all else is rolled back.
   */
  async mustBeAbleToSign(
    tx: Tx,
    actor: StaffActor,
    code: string | null,
  ): Promise<SecondFactorWanted | SecondFactorWrong | null> {
    const rule = this.config.signingSecondFactor;
    if (rule === SecondFactorRule.OFF) return null;
    const factor = await this.held(tx, actor.id);
    if (factor === null || factor.confirmedAt === null) {
      return rule === SecondFactorRule.REQUIRED ? new SecondFactorWanted(true) : null;
    }
    if (code === null || code.trim() === '') return new SecondFactorWanted(false);
    return this.useCode(tx, actor, factor, code);
  }

  /** Somebody's second factor, confirmed or not, held until the transaction ends. */
  async held(tx: Tx, staffId: string): Promise<SecondFactor | null> {
    await tx.$queryRaw`
      SELECT 1 FROM second_factors WHERE staff_id = ${staffId}::uuid AND removed_at IS NULL FOR NO KEY UPDATE`;
    return tx.secondFactor.findFirst({ where: { staffId, removedAt: null } });
  }

  /** Uses up a code of the app or a recovery code. `factor` is held. */
  async useCode(
    tx: Tx,
    actor: StaffActor,
    factor: SecondFactor,
    code: string,
  ): Promise<SecondFactorWrong | null> {
    const now = this.clock.now();
    const state = stateOf(factor);
    if (isCodeLocked(state, now)) return new SecondFactorWrong(state.lockedUntil);
    const plain = plainCode(code);
    const isRight = isAppCode(plain)
      ? await this.#useStep(tx, factor, plain, now)
      : await this.#useRecoveryCode(tx, actor, factor, plain, now);
    if (isRight) return null;
    const next = afterWrongCode(state, now);
    this.database.afterRefusal(tx, () => this.#countWrong(actor, factor.id));
    return new SecondFactorWrong(next.lockedUntil);
  }

  async #useStep(tx: Tx, factor: SecondFactor, code: string, now: Temporal.Instant): Promise<boolean> {
    if (factor.wrappedSecret === null) return false;
    const context = secretContext(factor.id);
    const secret = this.keys.unwrap(factor.wrappedSecret, factor.keyName, context);
    const step = stepOfCode(secret, code, now, STEPS_EITHER);
    if (!isStepFresh(step, factor.lastStep)) return false;
    // Sealed anew under the newest master key, so that an old one can be given up.
    const { wrapped, keyName } =
      factor.keyName === this.keys.currentName
        ? { wrapped: new Uint8Array(factor.wrappedSecret), keyName: factor.keyName }
        : this.keys.rewrap(factor.wrappedSecret, factor.keyName, context);
    await tx.secondFactor.update({
      where: { id: factor.id },
      data: {
        ...{ confirmedAt: factor.confirmedAt ?? dateFromInstant(now), lastStep: step },
        ...{ wrappedSecret: wrapped, keyName, failedTries: 0, lockedUntil: null },
      },
    });
    return true;
  }

  async #useRecoveryCode(
    tx: Tx,
    actor: StaffActor,
    factor: SecondFactor,
    code: string,
    now: Temporal.Instant,
  ): Promise<boolean> {
    const { count } = await tx.secondFactorRecoveryCode.updateMany({
      where: { secondFactorId: factor.id, codeHash: recoveryHash(code), usedAt: null, replacedAt: null },
      data: { usedAt: dateFromInstant(now) },
    });
    if (count === 0) return false;
    await tx.secondFactor.update({ where: { id: factor.id }, data: { failedTries: 0, lockedUntil: null } });
    await this.audit.record(tx, actor, {
      action: 'second-factor.recovery-code-used',
      subjectType: 'second-factor',
      subjectId: factor.id,
    });
    return true;
  }

  /** In a transaction of its own, after the refused one was rolled back. */
  async #countWrong(actor: StaffActor, factorId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM second_factors WHERE id = ${factorId}::uuid FOR NO KEY UPDATE`;
      const factor = await tx.secondFactor.findFirst({ where: { id: factorId, removedAt: null } });
      if (factor === null) return;
      const { failedTries, lockedUntil } = afterWrongCode(stateOf(factor), this.clock.now());
      const until = lockedUntil ?? stateOf(factor).lockedUntil;
      await tx.secondFactor.update({
        where: { id: factorId },
        data: { failedTries, lockedUntil: until === null ? null : dateFromInstant(until) },
      });
      await this.audit.record(tx, actor, {
        action: 'second-factor.refused',
        subjectType: 'second-factor',
        subjectId: factorId,
      });
    });
  }
}

/** What a secret is bound to: wrapped for another row it does not open. */
export function secretContext(factorId: string): string {
  return `second-factor:${factorId}`;
}

export function recoveryHash(plain: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(plain, 'utf8').digest());
}

function stateOf({ failedTries, lockedUntil }: SecondFactor): CodeState {
  return { failedTries, lockedUntil: lockedUntil === null ? null : instantFromDate(lockedUntil) };
}
