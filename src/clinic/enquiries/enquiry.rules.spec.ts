import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnquiryChannel, EnquiryStatus } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import { EnquiryAction } from './enquiry.refusals.js';
import {
  allowedActions,
  mayAskRedFlagsLater,
  nameForLetter,
  nextStatus,
  REFERENCE,
  readDateOfBirth,
  readReference,
  statusAfterMessage,
  toReference,
} from './enquiry.rules.js';
import { entryProblems, type ReadEntry } from './enquiry-entry.rules.js';

type Move = readonly [EnquiryStatus, EnquiryAction, EnquiryStatus];

// Written by hand, not derived from the table.
const ALLOWED: readonly Move[] = [
  ['NEW', 'CLAIM', 'IN_HAND'],
  ['NEW', 'NOTE', 'NEW'],
  ['NEW', 'REPLY', 'ANSWERED'],
  ['NEW', 'MATCH', 'NEW'],
  ['NEW', 'CONVERT', 'CONVERTED'],
  ['NEW', 'CLOSE', 'CLOSED'],
  ['NEW', 'MARK_SPAM', 'SPAM'],
  ['IN_HAND', 'CLAIM', 'IN_HAND'],
  ['IN_HAND', 'RELEASE', 'NEW'],
  ['IN_HAND', 'NOTE', 'IN_HAND'],
  ['IN_HAND', 'REPLY', 'ANSWERED'],
  ['IN_HAND', 'MATCH', 'IN_HAND'],
  ['IN_HAND', 'CONVERT', 'CONVERTED'],
  ['IN_HAND', 'CLOSE', 'CLOSED'],
  ['IN_HAND', 'MARK_SPAM', 'SPAM'],
  ['ANSWERED', 'CLAIM', 'ANSWERED'],
  ['ANSWERED', 'RELEASE', 'ANSWERED'],
  ['ANSWERED', 'NOTE', 'ANSWERED'],
  ['ANSWERED', 'REPLY', 'ANSWERED'],
  ['ANSWERED', 'MATCH', 'ANSWERED'],
  ['ANSWERED', 'CONVERT', 'CONVERTED'],
  ['ANSWERED', 'CLOSE', 'CLOSED'],
  ['ANSWERED', 'MARK_SPAM', 'SPAM'],
  ['CONVERTED', 'NOTE', 'CONVERTED'],
  ['CONVERTED', 'REPLY', 'CONVERTED'],
  ['CLOSED', 'NOTE', 'CLOSED'],
  ['CLOSED', 'REOPEN', 'NEW'],
  ['SPAM', 'NOT_SPAM', 'NEW'],
];

const SINCE = Temporal.Instant.from('2026-11-23T09:00:00Z');
const calm = (status: EnquiryStatus) => ({
  status,
  claimedById: null,
  claimedAt: null,
  openAlertIds: [],
  areRedFlagsAsked: true,
});
const isAllowed = (status: EnquiryStatus, action: EnquiryAction) =>
  ALLOWED.some(([from, by]) => from === status && by === action);
const REFUSED = Object.values(EnquiryStatus).flatMap((status) =>
  Object.values(EnquiryAction)
    .filter((action) => !isAllowed(status, action))
    .map((action) => [status, action] as const),
);

describe('the states of an enquiry', () => {
  it('are these twenty-eight moves and no other', () => {
    expect(ALLOWED).toHaveLength(28);
    expect(REFUSED).toHaveLength(6 * 10 - 28);
    const reached = new Set<EnquiryStatus>(['NEW', ...ALLOWED.map(([, , next]) => next)]);
    expect([...reached].sort()).toEqual(Object.keys(EnquiryStatus).sort());
  });

  it.each(ALLOWED)('%s, %s: %s', (status, action, next) => {
    expect(nextStatus(calm(status), action, 'me')).toBe(next);
    expect(allowedActions(status)).toContain(action);
  });

  it.each(REFUSED)('%s, %s: refused, naming the state and what can be done', (status, action) => {
    const refusal = nextStatus(calm(status), action, 'me');
    expect(refusal).toMatchObject({
      code: 'EnquiryNotInState',
      status,
      allowedActions: allowedActions(status),
    });
  });

  it('belong to whoever has taken it, where something goes out or ends', () => {
    const mine = { ...calm('IN_HAND'), claimedById: 'me', claimedAt: SINCE };
    for (const action of ['CLAIM', 'REPLY', 'CONVERT', 'CLOSE', 'MARK_SPAM'] as const) {
      expect(isRefusal(nextStatus(mine, action, 'me'))).toBe(false);
      for (const other of ['you', null]) {
        expect(nextStatus(mine, action, other)).toMatchObject({
          code: 'EnquiryAlreadyClaimed',
          claimedById: 'me',
        });
      }
    }
    for (const action of ['NOTE', 'MATCH', 'RELEASE'] as const) {
      expect(isRefusal(nextStatus(mine, action, 'you'))).toBe(false);
    }
  });

  it('do not end while somebody may be in danger', () => {
    const danger = { ...calm('NEW'), openAlertIds: ['a'] };
    for (const action of Object.values(EnquiryAction)) {
      const ends = action === 'CLOSE' || action === 'CONVERT' || action === 'MARK_SPAM';
      const result = nextStatus(danger, action, 'me');
      expect(isRefusal(result) && result.code === 'RedFlagOpen').toBe(ends);
    }
    const unasked = { ...calm('NEW'), areRedFlagsAsked: false };
    expect(nextStatus(unasked, 'CONVERT', 'me')).toMatchObject({ code: 'RedFlagsNotAsked' });
    expect(nextStatus(unasked, 'CLOSE', 'me')).toBe('CLOSED');
  });

  it.each([
    ['NEW', false, 'NEW'],
    ['IN_HAND', true, 'IN_HAND'],
    ['ANSWERED', true, 'IN_HAND'],
    ['ANSWERED', false, 'NEW'],
    ['CLOSED', false, 'NEW'],
    ['CLOSED', true, 'IN_HAND'],
    ['CONVERTED', false, 'CONVERTED'],
    ['SPAM', false, 'SPAM'],
  ] as const)('%s (taken: %s), the enquirer writes again: %s', (status, isClaimed, next) => {
    expect(statusAfterMessage(status, isClaimed)).toBe(next);
  });

  it('may begin unasked only where nobody was spoken to', () => {
    const unasked = Object.values(EnquiryChannel).filter(mayAskRedFlagsLater);
    expect(unasked).toEqual(['VOICEMAIL', 'EMAIL', 'LETTER']);
  });
});

describe('a reference', () => {
  it('is read back however it is written, and tells letters apart that look alike', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (random) => {
        const reference = toReference(random);
        expect(reference).toMatch(REFERENCE);
        expect(readReference(` ${reference.toLowerCase().slice(0, 4)} ${reference.slice(4)}`)).toBe(
          reference,
        );
      }),
    );
    expect(readReference('e0000000o')).toBe('E00000000');
    expect(readReference('EIl000000')).toBe('E11000000');
    for (const other of ['', 'E', 'X00000000', 'E0000000', 'E0000000U'])
      expect(readReference(other)).toBeNull();
  });
});

describe('the name in a letter', () => {
  it.each([
    ["Zoë O'Brien-Lee Jr.", "Zoë O'Brien-Lee Jr."],
    ['Dr. A. B. Smith', 'Dr. A. B. Smith'],
    ['王小明', '王小明'],
    ['Buy now https://spam.example', null],
    ['www.spam.example', null],
    ['cheap pills spam.example', null],
    ['Ring 0900 123456', null],
    ['x'.repeat(61), null],
    [null, null],
  ])('%s: %s', (name, greeted) => expect(nameForLetter(name)).toBe(greeted));
});

describe('a date of birth', () => {
  const today = Temporal.PlainDate.from('2026-11-23');
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['1980-02-29', '1980-02-29'],
    ['2026-11-24', null],
    ['1981-02-29', null],
    ['1900-01-01', null],
    ['29.02.1980', null],
    ['1980-2-9', null],
  ])('%s: %s', (typed, read) => expect(readDateOfBirth(typed, today)).toBe(read));
});

describe('what somebody told', () => {
  const today = Temporal.PlainDate.from('2026-11-23');
  const entry: ReadEntry = {
    channel: 'TELEPHONE',
    name: 'Ann',
    dateOfBirth: null,
    nhsNumber: null,
    readNhsNumber: null,
    phone: '07700 900123',
    phoneE164: '+447700900123',
    email: null,
    preferredWay: null,
  };
  const fieldsOf = (parts: Partial<ReadEntry>) =>
    entryProblems({ ...entry, ...parts }, today).map(({ field }) => field);

  it.each([
    [{}, []],
    [{ name: null }, ['name']],
    [{ name: null, channel: 'VOICEMAIL' }, []],
    [{ phone: 'withheld', phoneE164: null }, ['phone']],
    [{ phone: 'withheld', phoneE164: null, channel: 'VOICEMAIL' }, []],
    [{ channel: 'WEB', phone: null, phoneE164: null }, ['phone']],
    [{ channel: 'WEB', phone: null, phoneE164: null, email: 'ann@example.org' }, []],
    [{ preferredWay: 'EMAIL' }, ['email']],
    [{ preferredWay: 'SMS', phone: null, phoneE164: null }, ['phone']],
    [{ preferredWay: 'LETTER' }, []],
    [{ nhsNumber: '999 123 4567' }, ['nhsNumber']],
    [{ nhsNumber: '9990000018', readNhsNumber: '9990000018' }, []],
    [{ dateOfBirth: '2027-01-01' }, ['dateOfBirth']],
  ] as const)('%j: %j', (parts, fields) => expect(fieldsOf(parts)).toEqual(fields));

  it.each([
    ['ann@example.org', true],
    ["o'brien+x@mail.example.co.uk", true],
    ['ann@bücher.example', true],
    ['ann@localhost', false],
    ['ann,bob@example.org', false],
    ['Ann <ann@example.org>', false],
    ['ann@example.org;bob@example.org', false],
    ['ann@@example.org', false],
    ['ann@example.org\nBcc: x@example.org', false],
    ['', false],
  ])('%j is an address: %s', (email, isOne) => expect(fieldsOf({ email })).toEqual(isOne ? [] : ['email']));
});
