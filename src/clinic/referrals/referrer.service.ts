import { Inject, Injectable } from '@nestjs/common';
import { Database, type TransactionOptions, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import { textOrNull } from './referral-text.rules.js';
import { foundReferrers } from './referrer.queries.js';
import {
  ReferrerChangedMeanwhile,
  ReferrerRegistrationTaken,
  ReferrerStandsOtherwise,
} from './referrer.refusals.js';
import {
  displayName,
  entitlementProblem,
  readOdsCode,
  readRegistration,
  referrerEntryProblem,
} from './referrer.rules.js';
import type {
  CorrectReferrerInput,
  Referrer,
  ReferrerFilterInput,
  RegisterReferrerInput,
  RetireReferrerInput,
  SetReferrerEntitlementInput,
} from './referrer.type.js';
import { ReferrerRecordService } from './referrer-record.service.js';

type NotChanged = ReferrerRegistrationTaken | ReferrerChangedMeanwhile | ReferrerStandsOtherwise;
type Columns = Parameters<Tx['referrer']['update']>[0]['data'];

/** The directory of those who refer. Nothing else writes it. */
@Injectable()
export class ReferrerService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferrerRecordService) private readonly records: ReferrerRecordService,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
  ) {}

  /** A new entry. Throws BAD_INPUT naming the field. */
  async registerReferrer(
    actor: StaffActor,
    input: RegisterReferrerInput,
  ): Promise<Referrer | ReferrerRegistrationTaken> {
    const entry = this.#read(input);
    const registeredAt = dateFromInstant(this.clock.now());
    const work = async (tx: Tx) => {
      const data = { ...entry, registeredAt, registeredById: actor.id };
      const row = await tx.referrer.create({ data });
      const after = this.records.toReferrer(row);
      await this.#record(tx, actor, 'referrer.registered', null, after);
      return after;
    };
    return this.database.transaction(work, this.#orTaken(entry));
  }

  /** What is left out stays as it is. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async correctReferrer(actor: StaffActor, input: CorrectReferrerInput): Promise<Referrer | NotChanged> {
    const { referrerId, version, ...said } = input;
    const whole = await this.records.mustHaveReferrer(this.database.client, referrerId);
    const entry = this.#read({ ...whole, ...withoutUndefined(said) });
    const act = () => ({ action: 'referrer.corrected', columns: entry });
    return this.#change(actor, { referrerId, version }, act, this.#orTaken(entry));
  }

  /** Entitled to refer for exposures, or not. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async setReferrerEntitlement(
    actor: StaffActor,
    input: SetReferrerEntitlementInput,
  ): Promise<Referrer | NotChanged> {
    const { isEntitled } = input;
    const [entitledFrom, entitledUntil] = [input.from ?? null, input.until ?? null];
    const problem = entitlementProblem({ isEntitled, entitledFrom, entitledUntil });
    if (problem !== null) throw badInput(problem);
    const columns = {
      isEntitled,
      entitledFrom: dayColumn(entitledFrom),
      entitledUntil: dayColumn(entitledUntil),
      entitlementNote: textOrNull(input.note),
    };
    return this.#change(actor, input, () => ({ action: 'referrer.entitlement-set', columns }));
  }

  /** They refer no more; what they have referred stays. Throws NOT_FOUND. */
  async retireReferrer(actor: StaffActor, input: RetireReferrerInput): Promise<Referrer | NotChanged> {
    const columns = { retiredAt: dateFromInstant(this.clock.now()) };
    return this.#change(actor, input, () => ({ action: 'referrer.retired', columns }));
  }

  /** They refer again. Throws NOT_FOUND. */
  async restoreReferrer(actor: StaffActor, input: RetireReferrerInput): Promise<Referrer | NotChanged> {
    const columns = { retiredAt: null };
    return this.#change(actor, input, () => ({ action: 'referrer.restored', columns, wantsRetired: true }));
  }

  /** The directory, by name. */
  async referrers(filter: ReferrerFilterInput, page: PageInput): Promise<Page<Referrer>> {
    const afterId = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    const text = filter.text?.normalize('NFC').trim() ?? '';
    const search = {
      words: text.split(/\s+/).filter((word) => word !== ''),
      code: text.replace(/\s+/g, '').toUpperCase(),
      kind: filter.kind ?? null,
      isRetiredToo: filter.isRetiredToo ?? false,
    };
    const query = foundReferrers(search, afterId, page.size + 1);
    const found = await this.database.client.$queryRaw<{ id: string }[]>(query);
    const ids = found.slice(0, page.size).map(({ id }) => id);
    const byId = await this.records.byIds(this.database.client, ids);
    const last = ids.at(-1);
    return {
      items: ids.flatMap((id) => byId.get(id) ?? []),
      nextCursor: found.length > page.size && last !== undefined ? encodeCursor(last) : null,
    };
  }

  /** One entry. Throws NOT_FOUND. */
  async referrer(id: string): Promise<Referrer> {
    return this.records.mustHaveReferrer(this.database.client, id);
  }

  /** Entries by their ids, for those who show referrals. */
  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Referrer>> {
    return this.records.byIds(this.database.client, ids);
  }

  async #change(
    actor: StaffActor,
    { referrerId, version }: { readonly referrerId: string; readonly version: number },
    act: () => { readonly action: string; readonly columns: Columns; readonly wantsRetired?: boolean },
    options: TransactionOptions<ReferrerRegistrationTaken> = {},
  ): Promise<Referrer | NotChanged> {
    return this.database.transaction<Referrer | NotChanged, ReferrerRegistrationTaken>(async (tx) => {
      const before = await this.records.mustHaveReferrer(tx, referrerId, { hold: true });
      if (before.version !== version) return new ReferrerChangedMeanwhile(before.version);
      const { action, columns, wantsRetired = false } = act();
      const isRetired = before.retiredAt !== null;
      if (isRetired !== wantsRetired) return new ReferrerStandsOtherwise(isRetired);
      const data = { ...columns, version: { increment: 1 } };
      const row = await tx.referrer.update({ where: { id: before.id }, data });
      const after = this.records.toReferrer(row);
      await this.#record(tx, actor, action, before, after);
      return after;
    }, options);
  }

  #read(input: RegisterReferrerInput) {
    const registrationBody = input.registrationBody ?? null;
    const entry = {
      kind: input.kind,
      title: textOrNull(input.title),
      name: textOrNull(input.name) ?? '',
      profession: textOrNull(input.profession),
      registrationBody,
      registration: readRegistration(registrationBody, textOrNull(input.registration)),
      organisation: textOrNull(input.organisation),
      odsCode: readOdsCode(textOrNull(input.odsCode)),
      email: textOrNull(input.email),
      phone: this.#phoneOf(textOrNull(input.phone)),
      addressLines: (input.addressLines ?? []).flatMap((line) => textOrNull(line) ?? []),
      postcode: textOrNull(input.postcode),
    };
    const problem = referrerEntryProblem(entry);
    if (problem !== null) throw badInput(problem);
    return entry;
  }

  #phoneOf(typed: string | null): string | null {
    if (typed === null) return null;
    const e164 = this.contacts.phone(typed);
    if (e164 === null) throw badInput('phone: is not a telephone number.');
    return e164;
  }

  /** Whoever comes second with a registration is told who has it. */
  #orTaken({
    registrationBody,
    registration,
  }: Pick<Referrer, 'registrationBody' | 'registration'>): TransactionOptions<ReferrerRegistrationTaken> {
    const taken = async () => {
      const where = { registrationBody, registration };
      const holder = await this.database.client.referrer.findFirstOrThrow({ where });
      return new ReferrerRegistrationTaken({
        id: holder.id,
        name: displayName(holder),
        isRetired: holder.retiredAt !== null,
      });
    };
    return { onConstraint: { referrers_registration: taken } };
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: Referrer | null,
    after: Referrer,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'referrer',
      subjectId: after.id,
      ...(before === null ? {} : { before }),
      after,
    });
  }
}

function dayColumn(day: string | null): Date | null {
  return day === null ? null : dateFromPlainDate(Temporal.PlainDate.from(day));
}

/** What was said; what was left out is not there at all. */
function withoutUndefined<Said extends object>(said: Said): Partial<Said> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Said>;
}
