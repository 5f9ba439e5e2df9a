import { Inject, Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import { Database } from '../../platform/database/database.service.js';
import type { StaffAccount as AccountRow } from '../../platform/database/generated/client.js';
import { Role } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LastAdministrator, StaffEmailTaken } from './session.refusals.js';
import type { AddStaffAccountInput, ResetStaffPasswordInput, StaffAccount } from './session.type.js';
import type { StaffNames } from './staff-name.type.js';

@Injectable()
export class StaffService implements StaffNames {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  async addStaffAccount(actor: Actor, input: AddStaffAccountInput): Promise<StaffAccount | StaffEmailTaken> {
    const email = input.email.trim().toLowerCase();
    const passwordHash = await hash(input.password);
    return this.database.transaction<StaffAccount | StaffEmailTaken>(
      async (tx) => {
        const row = await tx.staffAccount.create({
          data: {
            email,
            displayName: input.displayName.trim(),
            roles: input.roles,
            passwordHash,
            createdAt: dateFromInstant(this.clock.now()),
          },
        });
        const account = toStaffAccount(row);
        await this.audit.record(tx, actor, {
          action: 'staff-account.added',
          subjectType: 'staff-account',
          subjectId: row.id,
          after: account,
        });
        return account;
      },
      { onConstraint: { staff_accounts_email_key: () => new StaffEmailTaken(email) } },
    );
  }

  /** For later rooms: names as colleagues see them, by account, in one statement. Who has no account is left out. */
  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.client.staffAccount.findMany({
      where: { id: { in: [...new Set(ids)] } },
      select: { id: true, displayName: true },
    });
    return new Map(rows.map(({ id, displayName }) => [id, displayName]));
  }

  /** The account can no longer sign in, and its sessions end at once. */
  async disableStaffAccount(actor: Actor, id: string): Promise<StaffAccount | LastAdministrator> {
    return this.database.transaction<StaffAccount | LastAdministrator>(async (tx) => {
      // Administrators are locked in one order, so that two who disable each other do not both succeed.
      const administrators = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM staff_accounts
         WHERE ${Role.ADMIN}::"Role" = ANY (roles) AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE`;
      const before = await tx.staffAccount.findUnique({ where: { id } });
      if (before === null) throw notFound('staff account');
      if (before.disabledAt !== null) return toStaffAccount(before);
      if (administrators.length === 1 && administrators[0]?.id === id) return new LastAdministrator();
      const now = dateFromInstant(this.clock.now());
      const after = await tx.staffAccount.update({ where: { id }, data: { disabledAt: now } });
      await tx.staffSession.updateMany({
        where: { accountId: id, revokedAt: null },
        data: { revokedAt: now },
      });
      await this.audit.record(tx, actor, {
        action: 'staff-account.disabled',
        subjectType: 'staff-account',
        subjectId: id,
        before: toStaffAccount(before),
        after: toStaffAccount(after),
      });
      return toStaffAccount(after);
    });
  }

  /** A new password: the account is open again if it was locked, and its sessions end at once. */
  async resetStaffPassword(actor: Actor, input: ResetStaffPasswordInput): Promise<StaffAccount> {
    const passwordHash = await hash(input.password);
    return this.database.transaction(async (tx) => {
      const id = input.accountId;
      const { count } = await tx.staffAccount.updateMany({
        where: { id },
        data: { passwordHash, failedSignIns: 0, lockedUntil: null },
      });
      if (count === 0) throw notFound('staff account');
      const now = dateFromInstant(this.clock.now());
      await tx.staffSession.updateMany({
        where: { accountId: id, revokedAt: null },
        data: { revokedAt: now },
      });
      await this.audit.record(tx, actor, {
        action: 'staff-account.password-reset',
        subjectType: 'staff-account',
        subjectId: id,
      });
      return toStaffAccount(await tx.staffAccount.findUniqueOrThrow({ where: { id } }));
    });
  }

  async staffAccounts(): Promise<StaffAccount[]> {
    const rows = await this.database.client.staffAccount.findMany({ orderBy: { displayName: 'asc' } });
    return rows.map(toStaffAccount);
  }
}

export function toStaffAccount(row: AccountRow): StaffAccount {
  return {
    id: row.id,
    email: row.email,
    displayName: row.displayName,
    roles: row.roles,
    disabledAt: row.disabledAt === null ? null : instantFromDate(row.disabledAt),
  };
}
