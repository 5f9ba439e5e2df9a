import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import type { ConsentGround } from './consent-policy.rules.js';

/** A purpose gets a new wording or a new rule every few years, in a few languages and for some procedures. */
const ROWS_MAX = 2_000;

/** What consents are judged by: the rules and the wordings of a purpose, with their days. */
@Injectable()
export class ConsentGroundService {
  constructor(@Inject(Config) private readonly config: Config) {}

  /** Two small reads, however many patients are judged by them. */
  async ground(
    client: Pick<Tx, 'consentPolicy' | 'consentWording'>,
    purpose: ConsentPurpose,
  ): Promise<ConsentGround> {
    const policies = await client.consentPolicy.findMany({
      where: { purpose },
      orderBy: { effectiveFrom: 'desc' },
      take: ROWS_MAX,
    });
    const wordings = await client.consentWording.findMany({
      where: { purpose },
      select: { id: true, locale: true, procedureCode: true, effectiveFrom: true },
      orderBy: { effectiveFrom: 'desc' },
      take: ROWS_MAX,
    });
    return {
      policies: policies.map((row) => ({
        ...row,
        procedureCode: row.procedureCode || null,
        effectiveFrom: plainDateFromDate(row.effectiveFrom),
      })),
      wordings: wordings.map((row) => ({ ...row, effectiveFrom: instantFromDate(row.effectiveFrom) })),
      timeZone: this.config.clinicTimeZone,
    };
  }
}
