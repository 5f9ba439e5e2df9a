import { describe, expect, it } from 'vitest';
import { CallBackAttemptOutcome, CallBackStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { CallBackAction, CallBackNotOpen, MessageNotSafe } from './call-back.refusals.js';
import {
  allowedCallBackActions,
  canDoWithCallBack,
  canHandle,
  canLeaveMessage,
  claimAt,
  faultOfAttempt,
  faultOfCallTime,
  faultOfClosing,
  isExhausted,
  leadsTo,
  namesAgree,
  statusAfterAttempt,
  toldText,
  whoRang,
} from './call-back.rules.js';

const LEVEL = { attemptsMax: 3 };
const at = (text: string) => Temporal.Instant.from(text);

describe('what can be done with a call-back', () => {
  // By hand, and not from the table: a slip in one of them shows.
  const POSSIBLE: Record<CallBackStatus, Partial<Record<CallBackAction, readonly CallBackStatus[]>>> = {
    WAITING: {
      CLAIM: ['WAITING'],
      RELEASE: ['WAITING'],
      GIVE_NUMBER: ['WAITING'],
      RECORD_ATTEMPT: ['WAITING', 'REACHED'],
      CLOSE: ['CLOSED'],
    },
    REACHED: {
      CLAIM: ['REACHED'],
      RELEASE: ['REACHED'],
      GIVE_NUMBER: ['REACHED'],
      RECORD_ATTEMPT: ['WAITING', 'REACHED'],
      CLOSE: ['CLOSED'],
    },
    CLOSED: { REOPEN: ['WAITING'] },
  };

  it.each(
    Object.values(CallBackStatus).flatMap((status) =>
      Object.values(CallBackAction).map((action) => [status, action] as const),
    ),
  )('%s: %s', (status, action) => {
    const leads = POSSIBLE[status][action] ?? [];
    expect(leadsTo(status, action)).toEqual(leads);
    const refusal = canDoWithCallBack(status, action);
    if (leads.length > 0) expect(refusal).toBeNull();
    else {
      expect(refusal).toBeInstanceOf(CallBackNotOpen);
      expect(refusal).toMatchObject({ status, allowedActions: allowedCallBackActions(status) });
    }
    expect(allowedCallBackActions(status).includes(action)).toBe(leads.length > 0);
  });

  it('every state is reached', () => {
    const reached = Object.values(POSSIBLE).flatMap((row) => Object.values(row).flat());
    expect(new Set(reached)).toEqual(new Set(Object.values(CallBackStatus)));
    for (const outcome of Object.values(CallBackAttemptOutcome)) {
      expect(leadsTo('WAITING', 'RECORD_ATTEMPT')).toContain(statusAfterAttempt(outcome));
      expect(leadsTo('REACHED', 'RECORD_ATTEMPT')).toContain(statusAfterAttempt(outcome));
    }
  });
});

describe('a message', () => {
  it('is left only where they said that it may be', () => {
    expect(canLeaveMessage('YES')).toBeNull();
    expect(canLeaveMessage('NO')).toBeInstanceOf(MessageNotSafe);
    expect(canLeaveMessage('NOT_ASKED')).toMatchObject({ safeToLeaveMessage: 'NOT_ASKED' });
  });
});

describe('a claim', () => {
  const claimedUntil = at('2026-03-03T09:30:00Z');
  const claim = { claimedById: 'ann', claimedUntil };

  it('keeps others away until it lapses, to the moment', () => {
    const before = claimedUntil.subtract({ milliseconds: 1 });
    expect(canHandle(claim, 'ben', before)).toMatchObject({ claimedById: 'ann', claimedUntil });
    expect(canHandle(claim, 'ann', before)).toBeNull();
    expect(canHandle(claim, 'ben', claimedUntil)).toBeNull();
    expect(claimAt(claim, before)).toEqual(claim);
    expect(claimAt(claim, claimedUntil)).toEqual({ claimedById: null, claimedUntil: null });
  });
});

describe('what is told', () => {
  const now = at('2026-03-03T09:00:00Z');

  it('of an attempt has to make sense', () => {
    const task = { phoneAsEntered: '020 7946 0000' };
    const later = { outcome: CallBackAttemptOutcome.ASKED_TO_RING_LATER };
    expect(faultOfAttempt({ outcome: 'NO_ANSWER' }, task, now)).toBeNull();
    expect(faultOfAttempt({ outcome: 'NO_ANSWER' }, { phoneAsEntered: null }, now)).toMatch(/number/);
    expect(faultOfAttempt({ outcome: 'NO_ANSWER', ringAgainAt: now.add({ hours: 1 }) }, task, now)).toMatch(
      /ringAgainAt/,
    );
    expect(faultOfAttempt({ ...later, ringAgainAt: now.add({ hours: 24 * 60 }) }, task, now)).toBeNull();
    expect(faultOfAttempt({ ...later, ringAgainAt: now.add({ hours: 24 * 60 + 1 }) }, task, now)).toMatch(
      /60 days/,
    );
    expect(faultOfAttempt({ ...later, ringAgainAt: now }, task, now)).toMatch(/60 days/);
  });

  it('of the end has to be whole', () => {
    expect(faultOfClosing({ outcome: 'UNREACHABLE' })).toMatch(/letter/);
    expect(faultOfClosing({ outcome: 'UNREACHABLE', letter: 'POSTED' })).toBeNull();
    expect(faultOfClosing({ outcome: 'CONVERTED', letter: 'POSTED' })).toMatch(/letter/);
    expect(faultOfClosing({ outcome: 'NO_FURTHER_ACTION' })).toMatch(/comment/);
    expect(faultOfClosing({ outcome: 'NO_FURTHER_ACTION', comment: 'Wrong clinic.' })).toBeNull();
  });

  it('of the time of a call has to be possible', () => {
    expect(faultOfCallTime(now.add({ minutes: 5 }), now)).toBeNull();
    expect(faultOfCallTime(now.add({ minutes: 6 }), now)).toMatch(/future/);
    expect(faultOfCallTime(now.subtract({ hours: 24 * 60 + 1 }), now)).toMatch(/60 days/);
  });

  it('without a number there is nothing left to try', () => {
    expect(isExhausted({ attemptCount: 0, phoneAsEntered: null }, LEVEL)).toBe(true);
    expect(isExhausted({ attemptCount: 2, phoneAsEntered: '1' }, LEVEL)).toBe(false);
    expect(isExhausted({ attemptCount: 3, phoneAsEntered: '1' }, LEVEL)).toBe(true);
  });
});

describe('what was told', () => {
  it('is kept as it can be read', () => {
    expect(toldText('  Zoe\u0301 \u202eeno\u202c <b>\u200b ')).toBe('Zoé eno <b>');
    expect(toldText(' \ufeff ')).toBeNull();
    expect(toldText(undefined)).toBeNull();
  });
});

describe('two names at one telephone', () => {
  it.each([
    [null, 'Ann Example', true],
    ['Ann Example', 'ann', true],
    ['Mrs Example', 'Zoë Example', true],
    ['Zoe', 'Zoë', true],
    ['Mrs Brown', 'Mrs Green', false],
    ['Ann Example', 'Ben Other', false],
    ['Ann Example', 'Ben Example', false],
    ['Ann Example', 'Ann Marie Example-Smith', true],
    ['Mr', 'Ann Example', true],
  ])('%s and %s', (one, other, agree) => {
    expect(namesAgree(one, other)).toBe(agree);
    expect(namesAgree(other, one)).toBe(agree);
  });
});

describe('who rang from a telephone that people share', () => {
  const [ann, ben, nobody] = [{ name: 'Ann Example' }, { name: 'Ben Other' }, { name: null }];
  it.each([
    ['nobody is known there', [], 'Ann Example', null],
    ['the one who said the same name', [ben, ann], 'Mrs Ann EXAMPLE', ann],
    ['the one whose name does not say otherwise', [ben, ann], 'Example', ann],
    ['another person than who is known', [ann], 'Ben Other', null],
    ['somebody without a name, where one is known', [ann], null, ann],
    ['somebody without a name, where two are known', [ann, ben], null, null],
    ['somebody without a name, again', [ann, ben, nobody], null, nobody],
    ['somebody who says who they are now', [ann, nobody], 'Ben Other', nobody],
    ['one of two of one family, and it is not clear which', [ann, { name: 'Bob Example' }], 'Example', null],
    ['the newest of two of one name', [ann, { name: 'Ann Example' }], 'Ann Example', ann],
  ])('%s', (_, known, name, whose) => {
    expect(whoRang(known, name)).toBe(whose);
  });
});
