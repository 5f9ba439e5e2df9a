import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { heldReferral } from './referral.queries.js';
import type { Referral } from './referral.type.js';
import { allowedActions } from './referral-state.rules.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reading referrals, always as they stand now. Does not record a look: whoever shows them does. */
@Injectable()
export class ReferralRecordService {
  /** The row, or NOT_FOUND. With `hold` nobody moves it or books for it until the transaction ends. */
  async mustHaveRow(tx: Tx, id: string, options: { hold?: boolean } = {}): Promise<ReferralRow> {
    if (!UUID.test(id)) throw notFound('referral');
    if (options.hold) await tx.$queryRaw(heldReferral(id));
    const row = await tx.referral.findUnique({ where: { id } });
    if (row === null) throw notFound('referral');
    return row;
  }

  async mustHaveReferral(tx: Tx, id: string, options: { hold?: boolean } = {}): Promise<Referral> {
    return toReferral(await this.mustHaveRow(tx, id, options));
  }

  /** Those of these referrals that exist, in one statement. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    const where = { id: { in: [...new Set(ids)].filter((id) => UUID.test(id)) } };
    const rows = await client.referral.findMany({ where });
    return new Map(rows.map((row) => [row.id, toReferral(row)]));
  }

  /** The patients of these referrals, each once, for the record of a look. */
  async patientIdsOf(client: Tx, ids: readonly string[]): Promise<readonly string[]> {
    const rows = await client.referral.findMany({
      where: { id: { in: [...ids] } },
      select: { patientId: true },
      distinct: ['patientId'],
    });
    return rows.map(({ patientId }) => patientId);
  }
}

/** How urgent it is, what is due and who has it in hand are the triage queue's to say. */
export function toReferral(row: ReferralRow): Referral {
  return {
    id: row.id,
    patientId: row.patientId,
    serviceCode: row.serviceCode,
    source: row.source,
    priority: row.priority,
    status: row.status,
    allowedActions: allowedActions(row.status),
    referrerId: row.referrerId,
    referrerName: row.referrerName,
    referrerOrganisation: row.referrerOrganisation,
    referrerRegistration: row.referrerRegistration,
    clinicalQuestion: row.clinicalQuestion,
    receivedOn: plainDateFromDate(row.receivedOn).toString(),
    recordedAt: instantFromDate(row.recordedAt),
    takenUpAt: instantOrNull(row.takenUpAt),
    takenUpById: row.takenUpById,
    informationWanted: row.informationWanted,
    informationDueOn:
      row.informationDueOn === null ? null : plainDateFromDate(row.informationDueOn).toString(),
    decidedAt: instantOrNull(row.decidedAt),
    decidedById: row.decidedById,
    acceptedFor: row.acceptedFor,
    reasonCode: row.reasonCode,
    decisionComment: row.decisionComment,
    redirectedTo: row.redirectedTo,
    advice: row.advice,
    outcome: row.outcome,
    mergedIntoId: row.mergedIntoId,
    endedAt: instantOrNull(row.endedAt),
    endedById: row.endedById,
    version: row.version,
  };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
