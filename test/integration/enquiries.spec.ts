import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import type { Enquiry } from '../../src/clinic/enquiries/enquiry.type.js';
import { EnquiryEventService } from '../../src/clinic/enquiries/enquiry-event.service.js';
import { EnquiryHandlingService } from '../../src/clinic/enquiries/enquiry-handling.service.js';
import { EnquiryLetterService } from '../../src/clinic/enquiries/enquiry-letter.service.js';
import { EnquiryMessageService } from '../../src/clinic/enquiries/enquiry-message.service.js';
import { EnquiryRegistrationService } from '../../src/clinic/enquiries/enquiry-registration.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  anEnquiry,
  anEntry,
  type EnquiryHouse,
  openEnquiries,
  QUESTIONS,
  redFlagAnswers,
} from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';

const NOW = '2026-11-23T09:00:00Z';
const clock = new FixedClock(NOW);
const actor = aStaffActor();
const ALL = { oldestFirst: false };
let home: TestDatabase;
let database: Database;
let house: EnquiryHouse;
let enquiries: EnquiryService;
let handling: EnquiryHandlingService;
let registration: EnquiryRegistrationService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  house = await openEnquiries(database, clock, { ROLE: 'worker', DATABASE_URL: home.url });
  enquiries = house.app.get(EnquiryService);
  handling = house.app.get(EnquiryHandlingService);
  registration = house.app.get(EnquiryRegistrationService);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await house.app.close();
  await database.close();
  await home.drop();
});

/** Everything a verb of this room may leave behind. */
async function traces() {
  const { client } = database;
  return {
    enquiries: await client.enquiry.count(),
    messages: await client.enquiryMessage.count(),
    events: await client.enquiryEvent.count(),
    alerts: await client.redFlagAlert.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

function must<T extends object>(result: T | object): T {
  if (isRefusal(result)) throw new Error(`refused: ${result.message}`);
  return result as T;
}

async function registered(parts: Parameters<typeof anEnquiry>[0] = {}): Promise<Enquiry> {
  const result = await registration.registerEnquiry(actor, anEnquiry(parts));
  if (isRefusal(result)) throw new Error(`refused: ${result.message}`);
  return result.enquiry;
}

const topics = async (subjectId: string) =>
  (await database.client.outboxMessage.findMany({ where: { subjectId }, orderBy: { id: 'asc' } })).map(
    ({ topic }) => topic,
  );

describe('registerEnquiry', () => {
  it('keeps what was told, acknowledges it, and writes it down without a word of it', async () => {
    const result = await registration.registerEnquiry(
      actor,
      anEnquiry({
        channel: 'WALK_IN',
        name: ' Ze\u0301 Silva ',
        dateOfBirth: '1980-02-29',
        nhsNumber: '999 000 0018',
        phone: '07700 900 123',
        email: 'Ze@EXAMPLE.org',
        preferredWay: 'EMAIL',
        bestTimes: ['SATURDAY'],
        safeToLeaveMessage: 'YES',
        painAreas: ['NECK', 'OTHER'],
        painAreaOther: 'jaw',
        message: 'It hurts <b>here</b>.',
        heardOfUs: 'GP',
        privacyNoticeVersion: 'n1',
        wantsNews: true,
      }),
    );
    const { enquiry, emergencyAdvice } = must<{ enquiry: Enquiry; emergencyAdvice: string | null }>(result);
    expect(emergencyAdvice).toBeNull();
    expect(enquiry).toMatchObject({
      channel: 'WALK_IN',
      status: 'NEW',
      version: 0,
      name: 'Zé Silva',
      dateOfBirth: '1980-02-29',
      nhsNumber: '9990000018',
      phoneAsEntered: '07700 900 123',
      phoneE164: '+447700900123',
      email: 'Ze@example.org',
      preferredWay: 'EMAIL',
      painAreas: ['NECK', 'OTHER'],
      redFlagsAsked: 'ASKED',
      privacyNoticeById: actor.id,
      recordedById: actor.id,
      claimedById: null,
      patientId: null,
    });
    expect(enquiry.reference).toMatch(/^E[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(enquiry.marketingWordingId).not.toBeNull();
    const [message] = await database.client.enquiryMessage.findMany({ where: { enquiryId: enquiry.id } });
    expect(message).toMatchObject({ direction: 'IN', text: 'It hurts <b>here</b>.', channel: 'WALK_IN' });
    expect(await topics(enquiry.id)).toEqual(['enquiry.received']);
    const audit = await database.client.auditEntry.findMany({ where: { subjectId: enquiry.id } });
    expect(audit.map(({ action }) => action)).toEqual(['enquiry.received']);
    expect(JSON.stringify(audit)).not.toMatch(/Silva|hurts|900123|example[.]org|9990000018/i);
    const events = await database.client.enquiryEvent.findMany({ where: { enquiryId: enquiry.id } });
    expect(events.map(({ action }) => action)).toEqual(['enquiry.received']);
  });

  it('is refused when somebody was spoken to and not asked, and leaves nothing', async () => {
    const before = await traces();
    for (const channel of ['TELEPHONE', 'WALK_IN'] as const) {
      const unasked = anEnquiry({ channel, redFlags: null, redFlagsNotAskedWhy: 'was in a hurry' });
      expect(await registration.registerEnquiry(actor, unasked)).toMatchObject({ code: 'RedFlagsNotAsked' });
    }
    const answers = redFlagAnswers().slice(1);
    const half = anEnquiry({ redFlags: { version: QUESTIONS.version, answers } });
    expect(await registration.registerEnquiry(actor, half)).toMatchObject({
      code: 'RedFlagQuestionsDiffer',
      versionInForce: 'test-1',
      unanswered: ['BLADDER'],
    });
    const old = anEnquiry({ redFlags: { version: 'test-0', answers: redFlagAnswers() } });
    expect(await registration.registerEnquiry(actor, old)).toMatchObject({ code: 'RedFlagQuestionsDiffer' });
    expect(await traces()).toEqual(before);
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ phone: '12' }, 'phone'],
    [{ dateOfBirth: '2030-01-01' }, 'dateOfBirth'],
    [{ nhsNumber: '999 123 4567' }, 'nhsNumber'],
    [{ preferredWay: 'EMAIL' as const }, 'email'],
    [{ channel: 'WEB' as const }, 'privacyNoticeVersion'],
    [{ privacyNoticeVersion: 'n0' }, 'privacyNoticeVersion'],
  ])('%j is BAD_INPUT that names %s', async (parts, field) => {
    const before = await traces();
    await expect(registration.registerEnquiry(actor, anEnquiry(parts))).rejects.toThrow(`${field}: `);
    expect(await traces()).toEqual(before);
  });

  it('lists what came without anybody being asked, until they are', async () => {
    const left = await registered({
      channel: 'VOICEMAIL',
      name: null,
      redFlags: null,
      redFlagsNotAskedWhy: 'left a voicemail',
    });
    expect(left.redFlagsAsked).toBe('TO_ASK');
    const toAsk = await enquiries.enquiries(actor, { ...ALL, redFlagsToAsk: true }, { size: 25 });
    expect(toAsk.items.map(({ id }) => id)).toContain(left.id);
    const toShow = await enquiries.enquiries(actor, { ...ALL, privacyNoticeToShow: true }, { size: 25 });
    expect(toShow.items.map(({ id }) => id)).toContain(left.id);
    const shown = await handling.recordPrivacyNotice(actor, {
      enquiryId: left.id,
      version: 'n1',
      wantsNews: false,
    });
    expect(shown).toMatchObject({ privacyNoticeById: actor.id, marketingWordingId: null });
    expect(
      await handling.recordPrivacyNotice(actor, { enquiryId: left.id, version: 'n1', wantsNews: true }),
    ).toMatchObject({ code: 'PrivacyNoticeAlreadyShown' });
  });
});

describe('an enquiry in hand', () => {
  it('is had by one of fifty who take it at once', async () => {
    const { id } = await registered();
    const people = Array.from({ length: 50 }, () => aStaffActor());
    const results = await Promise.all(people.map((person) => handling.claimEnquiry(person, id)));
    const winners = results.filter((result) => !isRefusal(result));
    expect(winners).toHaveLength(1);
    const [row] = await database.client.enquiry.findMany({ where: { id } });
    for (const result of results.filter(isRefusal)) {
      expect(result).toMatchObject({ code: 'EnquiryAlreadyClaimed', claimedById: row?.claimedById });
    }
    const events = await database.client.enquiryEvent.count({
      where: { enquiryId: id, action: 'enquiry.claimed' },
    });
    expect(events).toBe(1);
  });

  it('is taken twice by the same without a change, released by a colleague, and taken again', async () => {
    const { id } = await registered();
    const colleague = aStaffActor();
    const first = must<Enquiry>(await handling.claimEnquiry(actor, id));
    expect(first).toMatchObject({ status: 'IN_HAND', claimedById: actor.id });
    expect(must<Enquiry>(await handling.claimEnquiry(actor, id)).version).toBe(first.version);
    const closing = { enquiryId: id, reason: 'ANSWERED_FULLY' as const };
    expect(await handling.closeEnquiry(colleague, closing)).toMatchObject({ code: 'EnquiryAlreadyClaimed' });
    expect(must<Enquiry>(await handling.releaseEnquiry(colleague, id))).toMatchObject({
      status: 'NEW',
      claimedById: null,
    });
    expect(must<Enquiry>(await handling.claimEnquiry(colleague, id)).claimedById).toBe(colleague.id);
  });

  it('is answered, closed with a reason, and opened again with its history', async () => {
    const { id } = await registered({ email: 'ann@example.org' });
    await handling.noteOnEnquiry(actor, { enquiryId: id, text: 'Sounds tired.' });
    const replied = must<Enquiry>(
      await handling.replyToEnquiry(actor, { enquiryId: id, text: 'Please ring.' }),
    );
    expect(replied.status).toBe('ANSWERED');
    const [, reply] = await database.client.enquiryMessage.findMany({
      where: { enquiryId: id },
      orderBy: { id: 'asc' },
    });
    expect(reply).toMatchObject({ direction: 'OUT', byId: actor.id, text: 'Please ring.' });
    expect(reply?.emailMessageId).toBe(`<enquiry-${reply?.id}@facet.example>`);
    expect(await topics(reply?.id ?? '')).toEqual(['enquiry.replied']);
    await expect(handling.closeEnquiry(actor, { enquiryId: id, reason: 'OTHER' })).rejects.toThrow(
      'comment: ',
    );
    const closing = { enquiryId: id, reason: 'OTHER' as const, comment: 'moved abroad' };
    const closed = must<Enquiry>(await handling.closeEnquiry(actor, closing));
    expect(closed).toMatchObject({ status: 'CLOSED', closeReason: 'OTHER', closedById: actor.id });
    expect(await handling.replyToEnquiry(actor, { enquiryId: id, text: 'x' })).toMatchObject({
      code: 'EnquiryNotInState',
      status: 'CLOSED',
      allowedActions: ['NOTE', 'REOPEN'],
    });
    expect(must<Enquiry>(await handling.reopenEnquiry(actor, id))).toMatchObject({
      status: 'NEW',
      closeReason: null,
    });
    const history = await house.app.get(EnquiryEventService).ofEnquiries(database.client, [id]);
    expect(history.get(id)?.map(({ action }) => action)).toEqual([
      ...['enquiry.received', 'enquiry.noted', 'enquiry.replied', 'enquiry.closed', 'enquiry.reopened'],
    ]);
    await expect(database.client.$executeRaw`DELETE FROM enquiry_events`).rejects.toThrow(
      'only ever added to',
    );
  });

  it('cannot be written to without an address', async () => {
    const { id } = await registered();
    const before = await traces();
    const result = await handling.replyToEnquiry(actor, { enquiryId: id, text: 'Hello' });
    expect(result).toMatchObject({ code: 'EnquirerHasNoEmail' });
    expect(await traces()).toEqual(before);
  });

  it('is put away as spam and comes back', async () => {
    const { id } = await registered();
    expect(must<Enquiry>(await handling.markSpam(actor, id))).toMatchObject({
      status: 'SPAM',
      spamReason: 'MARKED_BY_STAFF',
    });
    expect(must<Enquiry>(await handling.notSpam(actor, id))).toMatchObject({
      status: 'NEW',
      spamReason: null,
    });
    expect(await topics(id)).toEqual(['enquiry.received']);
  });
});

describe('what the enquirer writes after that', () => {
  it('opens what was closed again, belongs to the thread by its e-mail, and is taken in once', async () => {
    const messages = house.app.get(EnquiryMessageService);
    const { id } = await registered({ email: 'ann@example.org' });
    must(await handling.replyToEnquiry(actor, { enquiryId: id, text: 'Please ring.' }));
    must(await handling.closeEnquiry(actor, { enquiryId: id, reason: 'CANNOT_BE_REACHED' }));
    const reply = await database.client.enquiryMessage.findFirstOrThrow({
      where: { enquiryId: id, direction: 'OUT' },
    });
    const answered = [reply.emailMessageId ?? ''];
    expect(await messages.enquiryOfEmails(database.client, answered)).toBe(id);
    const mail = { subject: 'Re: you', emailMessageId: '<1@example.org>', inReplyTo: reply.emailMessageId };
    const entry = { channel: 'EMAIL' as const, text: 'I was away.', mail };
    await database.transaction((tx) => messages.receiveIn(tx, actor, id, entry));
    const again = await database.client.enquiry.findUniqueOrThrow({ where: { id } });
    expect(again).toMatchObject({ status: 'NEW', closeReason: null });
    await expect(database.transaction((tx) => messages.receiveIn(tx, actor, id, entry))).rejects.toThrow();
    expect(await messages.enquiryOfEmails(database.client, ['<none@example.org>'])).toBeNull();
    must(await handling.markSpam(actor, id));
    expect(await messages.enquiryOfEmails(database.client, answered)).toBeNull();
  });
});

describe('letters', () => {
  it('have what they need, and nothing once it is settled', async () => {
    const letters = house.app.get(EnquiryLetterService);
    const { id, reference } = await registered({ email: 'ann@example.org', preferredWay: 'EMAIL' });
    const matter = await database.transaction((tx) => letters.matter(tx, id));
    expect(matter).toMatchObject({
      reference,
      enquirer: { name: 'Ann Example', email: 'ann@example.org' },
      preferredWay: 'EMAIL',
      hasRedFlag: false,
      emergencyAdvice: QUESTIONS.emergencyAdvice,
      isAutomatic: false,
    });
    must(await handling.replyToEnquiry(actor, { enquiryId: id, text: 'Please ring.' }));
    const reply = await database.client.enquiryMessage.findFirstOrThrow({
      where: { enquiryId: id, direction: 'OUT' },
    });
    expect(await database.transaction((tx) => letters.replyMatter(tx, reply.id))).toMatchObject({
      text: 'Please ring.',
      references: [],
      emailMessageId: reply.emailMessageId,
    });
    must(await handling.markSpam(actor, id));
    expect(await database.transaction((tx) => letters.matter(tx, id))).toBeNull();
    expect(await database.transaction((tx) => letters.matter(tx, randomUUID()))).toBeNull();
  });
});

describe('an address that anybody may have put into a form', () => {
  it('is acknowledged three times a day, and greeted by nothing but a name', async () => {
    const letters = house.app.get(EnquiryLetterService);
    const email = `Victim-${randomUUID().slice(0, 8)}@Example.org`;
    const emails: (string | null | undefined)[] = [];
    for (let at = 0; at < 5; at += 1) {
      clock.advance({ minutes: 1 });
      const { id } = await registered({ email, name: 'Buy now https://spam.example' });
      const matter = await database.transaction((tx) => letters.matter(tx, id));
      expect(matter?.enquirer.name).toBeNull();
      emails.push(matter?.enquirer.email);
    }
    const kept = email.replace('Example', 'example');
    expect(emails).toEqual([kept, kept, kept, null, null]);
    clock.advance({ hours: 25 });
    const { id } = await registered({ email });
    const next = await database.transaction((tx) => letters.matter(tx, id));
    expect(next?.enquirer).toEqual({ name: 'Ann Example', email: kept });
  });
});

describe('the list', () => {
  it('is filtered, searched and paged, and the look is recorded', async () => {
    const mark = `Q${randomUUID().slice(0, 6)}`;
    const made: Enquiry[] = [];
    for (let at = 0; at < 5; at += 1) {
      clock.set(`2026-11-23T10:0${at}:00Z`);
      made.push(
        await registered({
          name: `Óscar ${mark}`,
          phone: `07700 90020${at}`,
          message: `It is my ${mark} knee`,
        }),
      );
    }
    const search = (text: string, parts = {}, page = { size: 25 }) =>
      enquiries.enquiries(actor, { ...ALL, statuses: ['NEW'], ...parts, search: text }, page);
    const ids = made.map(({ id }) => id);
    expect((await search(`oscar ${mark.toLowerCase()}`)).items.map(({ id }) => id)).toEqual(
      [...ids].reverse(),
    );
    expect((await search(`${mark} knee`)).items).toHaveLength(5);
    expect((await search('+44 7700 900203')).items.map(({ id }) => id)).toEqual([ids[3]]);
    expect((await search(made[2]?.reference.toLowerCase() ?? '')).items.map(({ id }) => id)).toEqual([
      ids[2],
    ]);
    expect((await search('%')).items).toEqual([]);
    const li = await registered({ name: `Li ${mark}` });
    expect((await search(`li ${mark}`)).items.map(({ id }) => id)).toEqual([li.id]);
    expect((await search('li', { claimedById: actor.id })).items).toEqual([]);
    must(await handling.markSpam(actor, li.id));
    expect((await search(mark, { isClaimed: true })).items).toEqual([]);
    const first = await search(mark, { oldestFirst: true }, { size: 3 });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const rest = await enquiries.enquiries(
      actor,
      { oldestFirst: true, statuses: ['NEW'], search: mark },
      { size: 3, after: first.nextCursor },
    );
    expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(rest.nextCursor).toBeNull();
    const look = await database.client.auditEntry.findFirstOrThrow({
      orderBy: { link: { position: 'desc' } },
    });
    expect(look).toMatchObject({
      action: 'enquiries.viewed',
      after: { enquiryIds: ids.slice(3), isSearch: true },
    });
    expect(JSON.stringify(look)).not.toContain(mark);
  });

  it('says NOT_FOUND for what is not there', async () => {
    await expect(enquiries.enquiry(actor, randomUUID())).rejects.toThrow('There is no such enquiry');
    await expect(enquiries.enquiry(actor, 'x')).rejects.toThrow('There is no such enquiry');
    const taken = await database.transaction((tx) => enquiries.receiveIn(tx, actor, anEntry()));
    expect((await enquiries.enquiry(actor, taken.id)).reference).toBe(taken.reference);
  });
});
