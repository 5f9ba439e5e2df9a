import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config, keepsDocuments, SecondFactorRule } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { SecondFactor } from '../../platform/database/generated/client.js';
import { KeyRing } from '../../platform/storage/index.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { enrolmentUri } from '../../platform/totp/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  SecondFactorAlreadyThere,
  SecondFactorMissing,
  SecondFactorOwn,
  SecondFactorUnavailable,
  type SecondFactorWrong,
} from './second-factor.refusals.js';
import {
  isAppCode,
  isCodeLocked,
  plainCode,
  RECOVERY_CODE_CHARACTERS,
  RECOVERY_CODES,
  recoveryCodeOf,
} from './second-factor.rules.js';
import {
  type RecoveryCodes,
  type RemoveSecondFactorInput,
  type SecondFactorBegun,
  type SecondFactorRemoved,
  type SecondFactorStanding,
  SigningRule,
} from './second-factor.type.js';
import { recoveryHash, SigningService, secretContext } from './signing.service.js';

/** As authenticator apps name where a code is for. */
const ISSUER = 'Facet';

const RULES = {
  [SecondFactorRule.OFF]: SigningRule.OFF,
  [SecondFactorRule.ENROLLED]: SigningRule.ENROLLED,
  [SecondFactorRule.REQUIRED]: SigningRule.REQUIRED,
} as const satisfies Record<SecondFactorRule, SigningRule>;

/** Setting up and taking away what somebody has beside the password. */
@Injectable()
export class SecondFactorService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(KeyRing) private readonly keys: KeyRing,
    @Inject(SigningService) private readonly signing: SigningService,
  ) {}

  async standing(actor: StaffActor): Promise<SecondFactorStanding> {
    const factor = await this.database.client.secondFactor.findFirst({
      where: { staffId: actor.id, removedAt: null, confirmedAt: { not: null } },
      include: { _count: { select: { recoveryCodes: { where: { usedAt: null, replacedAt: null } } } } },
    });
    const rule = RULES[this.config.signingSecondFactor];
    const confirmedAt = factor?.confirmedAt ?? null;
    const lockedUntil = factor?.lockedUntil ? instantFromDate(factor.lockedUntil) : null;
    const isLocked = isCodeLocked({ failedTries: 0, lockedUntil }, this.clock.now());
    return {
      rule,
      isAskedFor: rule === SigningRule.REQUIRED || (rule === SigningRule.ENROLLED && confirmedAt !== null),
      confirmedAt: confirmedAt === null ? null : instantFromDate(confirmedAt),
      recoveryCodesLeft: factor?._count.recoveryCodes ?? 0,
      lockedUntil: isLocked ? lockedUntil : null,
    };
  }

  /** One that was begun and never confirmed makes room; one that counts does not. */
  async beginSecondFactor(
    actor: StaffActor,
  ): Promise<SecondFactorBegun | SecondFactorAlreadyThere | SecondFactorUnavailable> {
    if (!keepsDocuments(this.config)) return new SecondFactorUnavailable();
    return this.database.transaction<SecondFactorBegun | SecondFactorAlreadyThere>(
      async (tx) => {
        const before = await this.signing.held(tx, actor.id);
        if (before !== null && before.confirmedAt !== null) return new SecondFactorAlreadyThere();
        if (before !== null) await this.#remove(tx, actor, before);
        const { email } = await tx.staffAccount.findUniqueOrThrow({
          where: { id: actor.id },
          select: { email: true },
        });
        const id = newId();
        // A key of the ring is 256 random bits that is kept wrapped: just what a secret has to be (RFC 4226, R6).
        const { key, wrapped, keyName } = this.keys.newDataKey(secretContext(id));
        await tx.secondFactor.create({
          data: {
            ...{ id, staffId: actor.id, wrappedSecret: wrapped, keyName },
            begunAt: dateFromInstant(this.clock.now()),
          },
        });
        await this.#record(tx, actor, 'second-factor.begun', id, { staffId: actor.id });
        return { uri: enrolmentUri({ issuer: ISSUER, account: email, secret: key }) };
      },
      { onConstraint: { second_factors_one_each: () => new SecondFactorAlreadyThere() } },
    );
  }

  /** From the first right code on it counts. */
  async confirmSecondFactor(
    actor: StaffActor,
    code: string,
  ): Promise<RecoveryCodes | SecondFactorWrong | SecondFactorMissing | SecondFactorAlreadyThere> {
    return this.database.transaction(async (tx) => {
      const factor = await this.signing.held(tx, actor.id);
      if (factor === null) return new SecondFactorMissing();
      if (factor.confirmedAt !== null) return new SecondFactorAlreadyThere();
      const wrong = await this.signing.useCode(tx, actor, factor, code);
      if (wrong !== null) return wrong;
      await this.#record(tx, actor, 'second-factor.confirmed', factor.id, { staffId: actor.id });
      return this.#newRecoveryCodes(tx, factor.id);
    });
  }

  /** With a code of the app only: a recovery code that was found cannot make more of its kind. */
  async renewRecoveryCodes(
    actor: StaffActor,
    code: string,
  ): Promise<RecoveryCodes | SecondFactorWrong | SecondFactorMissing> {
    return this.database.transaction(async (tx) => {
      const factor = await this.signing.held(tx, actor.id);
      if (factor === null || factor.confirmedAt === null) return new SecondFactorMissing();
      const wrong = await this.signing.useCode(tx, actor, factor, isAppCode(plainCode(code)) ? code : '');
      if (wrong !== null) return wrong;
      await tx.secondFactorRecoveryCode.updateMany({
        where: { secondFactorId: factor.id, usedAt: null, replacedAt: null },
        data: { replacedAt: dateFromInstant(this.clock.now()) },
      });
      await this.#record(tx, actor, 'second-factor.recovery-codes-renewed', factor.id, { staffId: actor.id });
      return this.#newRecoveryCodes(tx, factor.id);
    });
  }

  /** Your own, with a code of it. */
  async removeMySecondFactor(
    actor: StaffActor,
    code: string,
  ): Promise<SecondFactorRemoved | SecondFactorWrong | SecondFactorMissing> {
    return this.database.transaction(async (tx) => {
      const factor = await this.signing.held(tx, actor.id);
      if (factor === null) return new SecondFactorMissing();
      const wrong = await this.signing.useCode(tx, actor, factor, code);
      if (wrong !== null) return wrong;
      await this.#remove(tx, actor, factor);
      return { staffId: actor.id };
    });
  }

  /** Somebody else's, who has lost the device; never your own, which needs a code also from an administrator. */
  async removeSecondFactor(
    actor: StaffActor,
    { staffId, reason }: RemoveSecondFactorInput,
  ): Promise<SecondFactorRemoved | SecondFactorMissing | SecondFactorOwn> {
    return this.database.transaction(async (tx) => {
      const factor = await this.signing.held(tx, staffId);
      if (factor === null) return new SecondFactorMissing();
      // As the database has it: the same id can be asked for in capitals.
      if (factor.staffId === actor.id) return new SecondFactorOwn();
      await this.#remove(tx, actor, factor, reason.trim());
      return { staffId: factor.staffId };
    });
  }

  async #remove(tx: Tx, actor: StaffActor, factor: SecondFactor, reason?: string): Promise<void> {
    await tx.secondFactor.update({
      where: { id: factor.id },
      data: {
        ...{ wrappedSecret: null, removedAt: dateFromInstant(this.clock.now()), removedById: actor.id },
      },
    });
    const after = { staffId: factor.staffId, ...(reason === undefined ? {} : { reason }) };
    await this.#record(tx, actor, 'second-factor.removed', factor.id, after);
  }

  async #newRecoveryCodes(tx: Tx, secondFactorId: string): Promise<RecoveryCodes> {
    const codes = Array.from({ length: RECOVERY_CODES }, () =>
      recoveryCodeOf(randomBytes(RECOVERY_CODE_CHARACTERS)),
    );
    const madeAt = dateFromInstant(this.clock.now());
    await tx.secondFactorRecoveryCode.createMany({
      data: codes.map((code) => ({ secondFactorId, codeHash: recoveryHash(plainCode(code)), madeAt })),
    });
    return { codes };
  }

  async #record(tx: Tx, actor: StaffActor, action: string, subjectId: string, after: object): Promise<void> {
    await this.audit.record(tx, actor, { action, subjectType: 'second-factor', subjectId, after });
  }
}
