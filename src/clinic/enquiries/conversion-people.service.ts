import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { RedFlagAlertStatus } from '../../platform/database/generated/enums.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { RedFlagAlert } from './red-flag.type.js';
import { toAlert } from './red-flag-alert.service.js';

const WHOSE = { select: { patientId: true } } as const;

/** What of enquiries and referral letters has to be seen wherever the patient is seen whom they are about. */
@Injectable()
export class ConversionPeopleService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Red flags of these patients that no clinician has closed, the oldest first. The look is recorded where there is one. */
  async openRedFlags(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RedFlagAlert[]>> {
    return this.database.transaction(async (tx) => {
      const ofThem = { patientId: { in: [...patientIds] } };
      const rows = await tx.redFlagAlert.findMany({
        where: {
          status: RedFlagAlertStatus.OPEN,
          OR: [{ enquiry: ofThem }, { referral: ofThem }],
        },
        include: { enquiry: WHOSE, referral: WHOSE },
        orderBy: [{ raisedAt: 'asc' }, { id: 'asc' }],
      });
      const shown = rows.flatMap((row) => patientOf(row) ?? []);
      if (shown.length > 0) {
        await this.audit.record(tx, actor, {
          action: 'red-flags.viewed',
          subjectType: 'red-flag-alert',
          patientIds: [...new Set(shown)],
          after: { alertIds: rows.map(({ id }) => id) },
        });
      }
      const own = (patientId: string) =>
        rows
          .filter((row) => patientOf(row) === patientId)
          .map(({ enquiry: _enquiry, referral: _referral, ...row }) => toAlert(row));
      return new Map(patientIds.map((patientId) => [patientId, own(patientId)]));
    });
  }
}

interface Whose {
  readonly patientId: string | null;
}

function patientOf({
  enquiry,
  referral,
}: {
  readonly enquiry: Whose | null;
  readonly referral: Whose | null;
}) {
  return enquiry?.patientId ?? referral?.patientId ?? null;
}
