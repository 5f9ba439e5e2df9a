import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { ConsentWording as WordingRow } from '../../platform/database/generated/client.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { kindOf } from './consent.rules.js';
import type { ConsentWording } from './consent.type.js';
import { wordingAt } from './consent-policy.rules.js';

/** A purpose gets a new wording every few years, in a few languages and for some procedures. */
const WORDINGS_MAX = 500;

export interface NewWording {
  readonly purpose: ConsentPurpose;
  readonly version: string;
  /** BCP 47, such as en-GB. */
  readonly locale: string;
  readonly text: string;
  readonly effectiveFrom: Temporal.Instant;
  /** Code of the procedure that it is for; left out: every one. */
  readonly procedureCode?: string | null;
}

/** The texts that people are asked to agree to. */
@Injectable()
export class ConsentWordingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The wordings of a purpose, the newest first. They say nothing about a patient. */
  async consentWordings(purpose: ConsentPurpose): Promise<readonly ConsentWording[]> {
    const rows = await this.database.client.consentWording.findMany({
      where: { purpose },
      orderBy: [{ effectiveFrom: 'desc' }, { locale: 'asc' }, { version: 'desc' }],
      take: WORDINGS_MAX,
    });
    const wordings = rows.map((row) => ({ ...row, effectiveFrom: instantFromDate(row.effectiveFrom) }));
    const now = this.clock.now();
    return rows.map((row) => {
      const alike = wordings.filter(
        ({ locale, procedureCode }) => locale === row.locale && procedureCode === row.procedureCode,
      );
      return toWording(row, wordingAt(alike, now)?.id === row.id);
    });
  }

  /**
   * Adds a wording. Doing it twice is doing it once; another text under a version that exists is BAD_INPUT, because
   * people may have agreed to that version.
   */
  async publishWording(actor: Actor, wording: NewWording): Promise<void> {
    if (wording.text.trim() === '') throw badInput('text: must not be empty.');
    const sha256 = sha256Of(wording.text);
    const { purpose, version, locale, effectiveFrom } = wording;
    await this.database.transaction(async (tx) => {
      const data = {
        ...wording,
        ...{ sha256, effectiveFrom: dateFromInstant(effectiveFrom) },
        ...{ publishedAt: dateFromInstant(this.clock.now()), publishedById: actor.id },
      };
      const added = await tx.consentWording.createMany({ data, skipDuplicates: true });
      const where = { purpose_version_locale: { purpose, version, locale } };
      const kept = await tx.consentWording.findUniqueOrThrow({ where });
      if (kept.sha256 !== sha256) {
        throw badInput(`version: ${version} (${locale}) has another text. Give the new text a new version.`);
      }
      if (added.count === 0) return;
      await this.audit.record(tx, actor, {
        action: 'consent.wording-published',
        subjectType: 'consent-wording',
        subjectId: kept.id,
        after: { purpose, version, locale, sha256, effectiveFrom },
      });
    });
  }
}

export function toWording(row: WordingRow, inForce: boolean): ConsentWording {
  return {
    ...row,
    kind: kindOf(row.purpose),
    inForce,
    effectiveFrom: instantFromDate(row.effectiveFrom),
    publishedAt: row.publishedAt === null ? null : instantFromDate(row.publishedAt),
  };
}

/** The fingerprint of a wording: of its UTF-8 bytes, exactly as they are. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
