import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ExposureAct, LicenceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ENTITLEMENTS_OF, LICENCES_OF } from './entitlement.queries.js';
import { type EntitlementStanding, judgeEntitlement } from './entitlement.rules.js';
import { judgeLicence, type LicenceFacts, type LicenceStanding, type LicenceWant } from './licence.rules.js';

export type { EntitlementStanding } from './entitlement.rules.js';
export type { LicenceStanding, LicenceWant } from './licence.rules.js';

/** A question whose answer is found by its key. */
export interface KeyedLicenceWant extends LicenceWant {
  readonly key: string;
}

interface TermText {
  readonly id: string;
  readonly procedureCodes: readonly string[];
  readonly validFrom: string;
  readonly endedOn: string | null;
}
interface LicenceText extends TermText {
  readonly kind: LicenceKind;
  readonly number: string;
  readonly siteCodes: readonly string[];
  readonly staffId: string | null;
  readonly validUntil: string;
}
interface EntitlementText extends TermText {
  readonly validUntil: string | null;
  readonly reviewOn: string;
}

/**
 * For later rooms: who may do what, and whether it is licensed, on the local day on which it is done. Both the first and the
 * last day count. It only reads; licences are written by LicenceService, entitlements by DutyService.
 */
@Injectable()
export class EntitlementService {
  /** Does the employer hold a licence for this procedure at this site on the day of the administration? */
  async employerLicence(
    tx: Tx,
    siteCode: string,
    procedureCode: string,
    on: Temporal.PlainDate,
  ): Promise<LicenceStanding> {
    return this.#one(tx, { kind: 'EMPLOYER', siteCode, procedureCode, on });
  }

  /** Does the practitioner who justifies hold one? `staffId` null: nobody has justified yet, so the answer is no. */
  async practitionerLicence(
    tx: Tx,
    staffId: string | null,
    siteCode: string,
    procedureCode: string,
    on: Temporal.PlainDate,
  ): Promise<LicenceStanding> {
    return this.#one(tx, { kind: 'PRACTITIONER', staffId, siteCode, procedureCode, on });
  }

  /** The answers to many such questions, by their keys: one statement, however many. */
  async licenceStandings(
    tx: Tx,
    wants: readonly KeyedLicenceWant[],
  ): Promise<ReadonlyMap<string, LicenceStanding>> {
    if (wants.length === 0) return new Map();
    const sites = new Set(wants.flatMap(({ kind, siteCode }) => (kind === 'EMPLOYER' ? [siteCode] : [])));
    const people = new Set(
      wants.flatMap(({ kind, staffId }) => (kind === 'PRACTITIONER' ? (staffId ?? []) : [])),
    );
    const rows = await tx.$queryRawUnsafe<readonly LicenceText[]>(LICENCES_OF, [...sites], [...people]);
    const licences = rows.map(toLicenceFacts);
    return new Map(wants.map((want) => [want.key, judgeLicence(licences, want)]));
  }

  /** May this member of staff do this act for this procedure on that day? Judged per act: one person may hold several. */
  async entitlement(
    tx: Tx,
    staffId: string,
    act: ExposureAct,
    procedureCode: string,
    on: Temporal.PlainDate,
  ): Promise<EntitlementStanding> {
    const rows = await tx.$queryRawUnsafe<readonly EntitlementText[]>(ENTITLEMENTS_OF, staffId, act);
    const entitlements = rows.map((row) => ({
      ...row,
      ...termOf(row),
      reviewOn: Temporal.PlainDate.from(row.reviewOn),
    }));
    return judgeEntitlement(entitlements, { act, procedureCode, on });
  }

  async #one(tx: Tx, want: LicenceWant): Promise<LicenceStanding> {
    const standings = await this.licenceStandings(tx, [{ ...want, key: '' }]);
    return standings.get('') ?? judgeLicence([], want);
  }
}

function toLicenceFacts(row: LicenceText): LicenceFacts {
  return { ...row, ...termOf(row), validUntil: Temporal.PlainDate.from(row.validUntil) };
}

function termOf({ validFrom, validUntil, endedOn }: TermText & { readonly validUntil: string | null }) {
  const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  return {
    validFrom: Temporal.PlainDate.from(validFrom),
    validUntil: day(validUntil),
    endedOn: day(endedOn),
  };
}
