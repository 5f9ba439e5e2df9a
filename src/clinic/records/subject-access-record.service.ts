import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { SubjectAccessRequest as RequestRow } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { type AccessClock, allowedActions, type Copy, isOverdue } from './subject-access.rules.js';
import type {
  SubjectAccessCopyFile,
  SubjectAccessFilterInput,
  SubjectAccessRequest,
  SubjectAccessWithholding,
} from './subject-access-request.type.js';

export type { RequestRow };

/** Files of a copy that are listed; a record of more than this is looked through in the copy itself. */
const FILES_LISTED_MAX = 1_000;

/** Requests for copies as they are shown. */
@Injectable()
export class SubjectAccessRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One request. The look is recorded. Throws NOT_FOUND. */
  async subjectAccessRequest(actor: Actor, id: string): Promise<SubjectAccessRequest> {
    return this.database.transaction(async (tx) => {
      const row = await mustHaveRequest(tx, id);
      await this.#look(tx, actor, [row], {});
      return toRequest(row, this.#today());
    });
  }

  /** Requests, those due first at the top. The look is recorded. */
  async subjectAccessRequests(
    actor: Actor,
    filter: SubjectAccessFilterInput,
    page: PageInput,
  ): Promise<Page<SubjectAccessRequest>> {
    const { patientId, status } = filter;
    const today = this.#today();
    return this.database.transaction(async (tx) => {
      const rows = await tx.subjectAccessRequest.findMany({
        where: {
          AND: [
            patientId ? { patientId } : {},
            status ? { status } : {},
            filter.overdue ? { status: 'OPEN', dueOn: { lt: dateFromPlainDate(today) } } : {},
            page.after ? afterDue(page.after) : {},
          ],
        },
        orderBy: [{ dueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.#look(tx, actor, shown, filter);
      const last = shown.at(-1);
      return {
        items: shown.map((row) => toRequest(row, today)),
        nextCursor:
          rows.length > page.size && last
            ? encodeCursor(plainDateFromDate(last.dueOn).toString(), last.id)
            : null,
      };
    });
  }

  /** Files of a copy, by path. The request was looked at before. */
  async filesOf(requestId: string): Promise<readonly SubjectAccessCopyFile[]> {
    return this.database.client.subjectAccessPart.findMany({
      where: { requestId },
      select: { path: true, sha256: true, sizeBytes: true },
      orderBy: { path: 'asc' },
      take: FILES_LISTED_MAX,
    });
  }

  /** What was left out of a copy. */
  async withheldOf(requestId: string): Promise<readonly SubjectAccessWithholding[]> {
    const rows = await this.database.client.subjectAccessWithheld.findMany({
      where: { requestId },
      orderBy: [{ path: 'asc' }, { recordId: 'asc' }, { field: 'asc' }],
      take: FILES_LISTED_MAX,
    });
    return rows.map(({ path, recordId, field, reason }) => ({
      ...{ path, recordId, field: field === '' ? null : field, reason },
    }));
  }

  async #look(tx: Tx, actor: Actor, rows: readonly RequestRow[], filter: object): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'subject-access.viewed',
      subjectType: 'subject-access-request',
      patientIds: [...new Set(rows.map(({ patientId }) => patientId))],
      after: { ...filter },
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}

/** Throws NOT_FOUND. */
export async function mustHaveRequest(client: Tx, id: string): Promise<RequestRow> {
  const row = await client.subjectAccessRequest.findUnique({ where: { id } });
  if (row === null) throw notFound('subject access request');
  return row;
}

export function toClock(row: RequestRow): AccessClock {
  return {
    receivedOn: plainDateFromDate(row.receivedOn),
    pausedOn: row.pausedOn === null ? null : plainDateFromDate(row.pausedOn),
    pausedDays: row.pausedDays,
    isExtended: row.extendedOn !== null,
  };
}

export function toCopy(row: RequestRow): Copy {
  const { copyStatus, copyExpiresAt, thirdPartyCount, reviewedAt } = row;
  return {
    ...{ copyStatus, thirdPartyCount, isReviewed: reviewedAt !== null },
    copyExpiresAt: copyExpiresAt === null ? null : instantFromDate(copyExpiresAt),
  };
}

export function toRequest(row: RequestRow, today: Temporal.PlainDate): SubjectAccessRequest {
  const { id, patientId, reason, askedBy, askerName, status, pauseReason, pausedDays } = row;
  const { extensionReason, settleReason, copyStatus, manifestSha256, filesCount, thirdPartyCount } = row;
  const dueOn = plainDateFromDate(row.dueOn);
  return {
    ...{ id, patientId, reason, askedBy, askerName, status, pauseReason, pausedDays },
    ...{ extensionReason, settleReason, copyStatus, manifestSha256, filesCount, thirdPartyCount },
    receivedOn: plainDateFromDate(row.receivedOn).toString(),
    dueOn: dueOn.toString(),
    isOverdue: isOverdue(status, dueOn, today),
    allowedActions: allowedActions(status),
    pausedOn: dayOrNull(row.pausedOn),
    extendedOn: dayOrNull(row.extendedOn),
    settledAt: instantOrNull(row.settledAt),
    preparedAt: instantOrNull(row.preparedAt),
    copyExpiresAt: instantOrNull(row.copyExpiresAt),
    reviewedAt: instantOrNull(row.reviewedAt),
    downloadsCount: row.downloadsCount,
  };
}

function afterDue(cursor: string) {
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const dueOn = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ dueOn: { gt: dueOn } }, { dueOn, id: { gt: id } }] };
}

function dayOrNull(date: Date | null): string | null {
  return date === null ? null : plainDateFromDate(date).toString();
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
