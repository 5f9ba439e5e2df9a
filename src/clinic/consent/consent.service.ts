import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import type { Page, PageInput } from '../../platform/graphql/page.type.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import type { NothingToWithdraw } from './consent.refusals.js';
import type { ConsentRecord, ConsentStanding } from './consent.type.js';
import type { EndedConsent } from './consent-dependents.service.js';
import { ConsentEntryService, type RecordConsentRefusal } from './consent-entry.service.js';
import type { RecordConsentInput, WithdrawConsentInput } from './consent-entry.type.js';
import { ConsentLookService } from './consent-look.service.js';
import { ConsentRecordService, type NewRecord, type RecordedDecision } from './consent-record.service.js';
import type { Decision } from './consent-standing.rules.js';
import { type ConsentHold, ConsentStandingService, type ConsentSubject } from './consent-standing.service.js';

/** What patients agreed to: the door of this room for the others and for its resolver. */

export { askedByVisit } from './consent.rules.js';

@Injectable()
export class ConsentService {
  constructor(
    @Inject(ConsentEntryService) private readonly entries: ConsentEntryService,
    @Inject(ConsentLookService) private readonly looks: ConsentLookService,
    @Inject(ConsentStandingService) private readonly standings: ConsentStandingService,
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
  ) {}

  /** Records the answer of somebody who was asked, with the wording they were shown. Throws NOT_FOUND, BAD_INPUT. */
  async recordConsent(
    actor: StaffActor,
    input: RecordConsentInput,
  ): Promise<ConsentRecord | RecordConsentRefusal> {
    return this.entries.recordConsent(actor, input);
  }

  /** Takes back a consent in force, at once. Throws NOT_FOUND, BAD_INPUT. */
  async withdrawConsent(
    actor: StaffActor,
    input: WithdrawConsentInput,
  ): Promise<ConsentRecord | NothingToWithdraw> {
    return this.entries.withdrawConsent(actor, input);
  }

  /** Where a patient stands on a purpose, now or at another time. The look is recorded. Throws NOT_FOUND. */
  async consentInForce(
    actor: Actor,
    patientId: string,
    purpose: ConsentPurpose,
    at?: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ConsentStanding> {
    return this.looks.consentInForce(actor, patientId, purpose, at, subject);
  }

  /** Every decision of a patient, the latest first. The look is recorded. Throws NOT_FOUND. */
  async consentRecords(actor: Actor, patientId: string, page: PageInput): Promise<Page<ConsentRecord>> {
    return this.looks.consentRecords(actor, patientId, page);
  }

  /**
   * For later rooms: does consent hold at an instant? Lock the patient first to keep it so. A procedure is named, by whoever
   * does it with its side and levels; without that nothing is in force. Does not record a look.
   */
  async inForce(
    tx: Tx,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ConsentHold> {
    return this.standings.hold(tx, patientId, purpose, at, subject);
  }

  /** For later rooms: those of these patients whose consent holds at an instant, in the same few statements for any number. */
  async patientsInForce(
    client: Tx,
    patientIds: readonly string[],
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ReadonlySet<string>> {
    const holds = await this.standings.holds(client, patientIds, purpose, at, subject);
    return new Set([...holds].flatMap(([patientId, { inForce }]) => (inForce ? [patientId] : [])));
  }

  /** For later rooms: the same with the reason of each, and until when it holds by itself. */
  async holds(
    client: Tx,
    patientIds: readonly string[],
    purpose: ConsentPurpose,
    at: Temporal.Instant,
    subject: ConsentSubject | null = null,
  ): Promise<ReadonlyMap<string, ConsentHold>> {
    return this.standings.holds(client, patientIds, purpose, at, subject);
  }

  /** For this room: every decision on a purpose, under whichever id the patient was known. */
  async decisionsOf(
    client: Tx,
    patientId: string,
    purpose: ConsentPurpose,
  ): Promise<readonly RecordedDecision[]> {
    return this.records.decisionsOf(client, patientId, purpose);
  }

  /** For this room: writes a decision that is not of a conversation, and flags what stood on the consent that it ends. */
  async writeIn(
    tx: Tx,
    actor: StaffActor,
    record: NewRecord,
    history: readonly Decision[],
  ): Promise<RecordedDecision> {
    return this.records.write(tx, actor, record, history);
  }

  /** For this room: a consent ended without a record of its own, because two patients' decisions are read together now. */
  async tellEnded(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void> {
    await this.records.tellEnded(tx, actor, ended);
  }
}
