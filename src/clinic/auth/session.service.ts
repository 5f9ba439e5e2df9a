import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type {
  StaffAccount as AccountRow,
  StaffSession as SessionRow,
} from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { permissionsOf } from './permission.rules.js';
import type { StaffCaller } from './permission.type.js';
import { SignInFailed } from './session.refusals.js';
import {
  afterFailedSignIn,
  isLastSeenStale,
  isLocked,
  isSessionAlive,
  SESSION_LIFE_HOURS,
} from './session.rules.js';
import type { CurrentStaff, SignedIn, SignInInput, StaffSession } from './session.type.js';
import { toStaffAccount } from './staff.service.js';

// 256 bits from the system's generator: a token cannot be guessed, so its plain SHA-256 is enough to keep.
const TOKEN_BYTES = 32;

interface Whence {
  readonly requestId: string | null;
  readonly source: string | null;
  readonly userAgent: string | null;
}

@Injectable()
export class SessionService {
  /** Hash of a password that nobody has: an unknown e-mail costs as long to refuse as a wrong password. */
  private readonly decoyHash = hash(randomBytes(TOKEN_BYTES).toString('base64url'));

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Starts a session. A failure is counted and recorded although the caller gets a refusal. */
  async signIn(input: SignInInput, whence: Whence): Promise<SignedIn | SignInFailed> {
    const account = await this.database.client.staffAccount.findUnique({
      where: { email: input.email.trim().toLowerCase() },
    });
    const passwordIsRight = await verify(account?.passwordHash ?? (await this.decoyHash), input.password);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    // The count and the record of a failure must stay although the caller is refused, so the refusal is made outside of
    // the transaction. An unknown e-mail takes the same steps as a known one: neither the answer nor its time tells.
    const signedIn = await this.database.transaction((tx) =>
      this.decideSignIn(tx, account?.id ?? null, passwordIsRight, token, whence),
    );
    return signedIn ?? new SignInFailed();
  }

  private async decideSignIn(
    tx: Tx,
    accountId: string | null,
    passwordIsRight: boolean,
    token: string,
    whence: Whence,
  ): Promise<SignedIn | null> {
    // Held, and read again: it may have been disabled or locked while the password was checked.
    await tx.$queryRaw`SELECT 1 FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
    const account =
      accountId === null ? null : await tx.staffAccount.findUnique({ where: { id: accountId } });
    const now = this.clock.now();
    const { requestId, source } = whence;
    if (account !== null && account.disabledAt === null) {
      const state = { failedSignIns: account.failedSignIns, lockedUntil: instantOrNull(account.lockedUntil) };
      const isOpen = !isLocked(state, now);
      if (isOpen && passwordIsRight) {
        const actor = { kind: 'STAFF', id: account.id, label: null, requestId, source } as const;
        return this.startSession(tx, actor, account, token, whence);
      }
      if (isOpen) await this.countFailure(tx, account, afterFailedSignIn(state, now));
    }
    await this.audit.record(
      tx,
      { kind: 'SYSTEM', id: null, label: 'sign-in', requestId, source },
      {
        action: 'session.refused',
        subjectType: 'staff-account',
        ...(account ? { subjectId: account.id } : {}),
      },
    );
    return null;
  }

  private async countFailure(tx: Tx, account: AccountRow, state: ReturnType<typeof afterFailedSignIn>) {
    await tx.staffAccount.update({
      where: { id: account.id },
      data: {
        failedSignIns: state.failedSignIns,
        lockedUntil: state.lockedUntil === null ? null : dateFromInstant(state.lockedUntil),
      },
    });
  }

  private async startSession(
    tx: Tx,
    actor: StaffActor,
    account: AccountRow,
    token: string,
    whence: Whence,
  ): Promise<SignedIn> {
    const now = this.clock.now();
    const expiresAt = now.add({ hours: SESSION_LIFE_HOURS });
    await tx.staffAccount.update({
      where: { id: account.id },
      data: { failedSignIns: 0, lockedUntil: null },
    });
    const session = await tx.staffSession.create({
      data: {
        tokenHash: hashOf(token),
        accountId: account.id,
        createdAt: dateFromInstant(now),
        lastSeenAt: dateFromInstant(now),
        expiresAt: dateFromInstant(expiresAt),
        remoteAddress: whence.source,
        userAgent: whence.userAgent,
      },
    });
    await this.audit.record(tx, actor, {
      action: 'session.started',
      subjectType: 'staff-session',
      subjectId: session.id,
    });
    return { token, expiresAt, account: toStaffAccount(account) };
  }

  /** Who holds this token now; null when nobody does. Asked once a request. */
  async findCaller(token: string | null, whence: Omit<Whence, 'userAgent'>): Promise<StaffCaller | null> {
    if (token === null) return null;
    const found = await this.#holderOf(token, whence);
    if (found === null) return null;
    const { session, caller } = found;
    const now = this.clock.now();
    if (isLastSeenStale(session, now)) {
      await this.database.client.staffSession.updateMany({
        where: { id: session.id, lastSeenAt: { lt: dateFromInstant(now) } },
        data: { lastSeenAt: dateFromInstant(now) },
      });
    }
    return caller;
  }

  /** The same for a screen that only listens: that it is open is no sign that anybody sits before it. */
  async listener(token: string): Promise<StaffCaller | null> {
    const found = await this.#holderOf(token, { requestId: null, source: null });
    return found?.caller ?? null;
  }

  async #holderOf(
    token: string,
    whence: Omit<Whence, 'userAgent'>,
  ): Promise<{ readonly session: StaffSession; readonly caller: StaffCaller } | null> {
    const row = await this.database.client.staffSession.findUnique({
      where: { tokenHash: hashOf(token) },
      include: { account: { select: { roles: true, disabledAt: true } } },
    });
    if (row === null || row.account.disabledAt !== null) return null;
    const session = toSession(row);
    if (!isSessionAlive(session, this.clock.now())) return null;
    const caller = {
      actor: { kind: 'STAFF', id: row.accountId, label: null, ...whence },
      sessionId: row.id,
      roles: row.account.roles,
    } as const;
    return { session, caller };
  }

  async currentStaff(caller: StaffCaller): Promise<CurrentStaff> {
    const row = await this.database.client.staffSession.findUniqueOrThrow({
      where: { id: caller.sessionId },
      include: { account: true },
    });
    return {
      account: toStaffAccount(row.account),
      permissions: permissionsOf(caller.roles),
      session: toSession(row),
    };
  }

  /** Sessions of an account that can still be used, newest first. */
  async staffSessions(accountId: string): Promise<StaffSession[]> {
    const rows = await this.database.client.staffSession.findMany({
      where: { accountId, revokedAt: null, expiresAt: { gt: dateFromInstant(this.clock.now()) } },
      orderBy: { id: 'desc' },
    });
    return rows.map(toSession).filter((session) => isSessionAlive(session, this.clock.now()));
  }

  /** Ends a session at once. Ending one that has ended changes nothing. */
  async revokeSession(actor: Actor, sessionId: string): Promise<StaffSession> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const { count } = await tx.staffSession.updateMany({
        where: { id: sessionId, revokedAt: null },
        data: { revokedAt: dateFromInstant(now) },
      });
      const row = await tx.staffSession.findUnique({ where: { id: sessionId } });
      if (row === null) throw notFound('session');
      if (count === 1) {
        await this.audit.record(tx, actor, {
          action: 'session.revoked',
          subjectType: 'staff-session',
          subjectId: sessionId,
        });
      }
      return toSession(row);
    });
  }
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token, 'utf8').digest());
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function toSession(row: SessionRow): StaffSession {
  return {
    id: row.id,
    accountId: row.accountId,
    createdAt: instantFromDate(row.createdAt),
    lastSeenAt: instantFromDate(row.lastSeenAt),
    expiresAt: instantFromDate(row.expiresAt),
    revokedAt: instantOrNull(row.revokedAt),
    remoteAddress: row.remoteAddress,
    userAgent: row.userAgent,
  };
}
