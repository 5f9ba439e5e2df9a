import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import { type EnquiryPlace, foundEnquiries, type SearchMeanings } from './enquiry.queries.js';
import { readReference } from './enquiry.rules.js';
import type { Enquiry, EnquiryFilterInput } from './enquiry.type.js';
import type { EnquiryEntry } from './enquiry-entry.type.js';
import { EnquiryIntakeService } from './enquiry-intake.service.js';
import { EnquiryRecordService, toEnquiry } from './enquiry-record.service.js';

/** Of a long text a few words find it; each more is another look through the index. */
const SEARCH_WORDS_MAX = 6;

/** Enquiries as they are read, and how other files of this room take them in. */
@Injectable()
export class EnquiryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
    @Inject(EnquiryIntakeService) private readonly intake: EnquiryIntakeService,
    @Inject(EnquiryRecordService) private readonly records: EnquiryRecordService,
  ) {}

  /** One enquiry. The look is recorded. Throws NOT_FOUND. */
  async enquiry(actor: StaffActor, id: string): Promise<Enquiry> {
    return this.database.transaction(async (tx) => {
      const enquiry = await this.records.mustHave(tx, id);
      await this.audit.record(tx, actor, {
        action: 'enquiry.viewed',
        subjectType: 'enquiry',
        subjectId: enquiry.id,
        patientIds: enquiry.patientId === null ? [] : [enquiry.patientId],
      });
      return enquiry;
    });
  }

  /** Enquiries that a filter lets through. Each one shown is recorded as seen. */
  async enquiries(actor: StaffActor, filter: EnquiryFilterInput, page: PageInput): Promise<Page<Enquiry>> {
    const conditions = {
      statuses: filter.statuses ?? null,
      channels: filter.channels ?? null,
      hasOpenRedFlag: filter.hasOpenRedFlag ?? null,
      redFlagsToAsk: filter.redFlagsToAsk ?? null,
      privacyNoticeToShow: filter.privacyNoticeToShow ?? null,
      isClaimed: filter.isClaimed ?? null,
      claimedById: filter.claimedById ?? null,
      patientId: filter.patientId ?? null,
      search: this.#meaningsOf(filter.search ?? ''),
    };
    const place = placeOf(page.after);
    return this.database.transaction(async (tx) => {
      const found = await tx.$queryRaw<{ id: string }[]>(
        foundEnquiries(conditions, place, filter.oldestFirst, page.size + 1),
      );
      const ids = found.slice(0, page.size).map(({ id }) => id);
      const byId = await this.byIds(tx, ids);
      const items = ids.flatMap((id) => byId.get(id) ?? []);
      await this.audit.record(tx, actor, {
        action: 'enquiries.viewed',
        subjectType: 'enquiry',
        patientIds: [...new Set(items.map(({ patientId }) => patientId))].filter((id) => id !== null),
        after: { enquiryIds: ids, isSearch: conditions.search !== null },
      });
      const last = items.at(-1);
      const isMore = found.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.receivedAt.toString(), last.id) : null };
    });
  }

  /** For this room: takes in what a door has judged: kept, acknowledged, and looked at for red flags. */
  async receiveIn(tx: Tx, actor: Actor, entry: EnquiryEntry): Promise<Enquiry> {
    return (await this.intake.receive(tx, actor, entry)).enquiry;
  }

  /** The enquiry, or NOT_FOUND; with `hold` nobody else changes it until the transaction ends. Records no look. */
  async mustHaveEnquiry(tx: Tx, id: string, options: { readonly hold?: boolean } = {}): Promise<Enquiry> {
    return this.records.mustHave(tx, id, options);
  }

  /** Those of these enquiries that exist, in one statement. Records no look. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Enquiry>> {
    const rows = await client.enquiry.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, toEnquiry(row)]));
  }

  /** Several enquiries at once, for lists of what belongs to them. One look, one record. */
  async viewedByIds(actor: StaffActor, ids: readonly string[]): Promise<ReadonlyMap<string, Enquiry>> {
    return this.database.transaction(async (tx) => {
      const enquiries = await this.byIds(tx, ids);
      await this.audit.record(tx, actor, {
        action: 'enquiries.viewed',
        subjectType: 'enquiry',
        after: { enquiryIds: [...enquiries.keys()] },
      });
      return enquiries;
    });
  }

  /** What a person may have typed; null: nothing to look for. */
  #meaningsOf(typed: string): SearchMeanings | null {
    const text = typed.normalize('NFC').trim();
    if (text === '') return null;
    const isNumber = /^[+\d][\d\s()./-]*$/.test(text);
    const words = text.split(/[\s,;]+/u).filter((word) => word !== '');
    return {
      reference: readReference(text),
      phoneE164: isNumber ? this.contacts.phone(text) : null,
      email: text.includes('@') ? this.contacts.email(text) : null,
      nhsNumber: isNumber ? this.contacts.nhsNumber(text) : null,
      words: isNumber ? [] : words.slice(0, SEARCH_WORDS_MAX),
    };
  }
}

function placeOf(cursor: string | null | undefined): EnquiryPlace | null {
  if (!cursor) return null;
  const [at, id] = decodeCursor(cursor, ['instant', 'uuid']);
  return { receivedAt: dateFromInstant(Temporal.Instant.from(at)), id };
}
