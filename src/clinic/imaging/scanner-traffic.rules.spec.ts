import { describe, expect, it } from 'vitest';
import {
  LOOKS_APART_MAX,
  type Look,
  REJECTIONS_APART_MAX,
  REJECTIONS_AUDITED_PER_MINUTE_MAX,
  type Rejection,
  STEP_IDS_PER_WRITE_MAX,
  TrafficBuffer,
  writesOf,
} from './scanner-traffic.rules.js';

const aLook = (parts: Partial<Look<string>> = {}): Look<string> => ({
  scannerId: 'one',
  callingAETitle: 'SPECTCT1',
  remoteAddress: '192.0.2.5',
  secured: false,
  stepIds: ['A1.1'],
  status: 0,
  asks: 'Modality=NM',
  query: 'q',
  ...parts,
});

const aRejection = (parts: Partial<Rejection> = {}): Rejection => ({
  callingAETitle: 'OTHER',
  calledAETitle: 'FACET',
  remoteAddress: '192.0.2.9',
  secured: false,
  reason: 'calling-ae-title-not-recognised',
  explanation: null,
  ...parts,
});

describe('looks of one batch', () => {
  it('are one when they are alike, with the first and the last moment', () => {
    const buffer = new TrafficBuffer<string>();
    for (const atMs of [5, 6, 9]) buffer.addLook(aLook(), atMs);
    expect(buffer.take(10, false).looks).toMatchObject([
      { times: 3, firstAtMs: 5, lastAtMs: 9, isMixed: false },
    ]);
    expect(buffer.size).toBe(0);
    expect(buffer.take(11, true)).toEqual({ looks: [], rejections: [], beyond: [], contacts: [] });
  });

  it.each<[string, Partial<Look<string>>]>([
    ['scanner', { scannerId: 'two' }],
    ['AE title', { callingAETitle: 'SPECTCT2' }],
    ['address', { remoteAddress: '192.0.2.6' }],
    ['transport', { secured: true }],
    ['answers', { stepIds: ['A1.1', 'A2.1'] }],
    ['answer', { stepIds: ['A2.1'] }],
    ['number of answers', { stepIds: [] }],
    ['status', { status: 0xfe00 }],
    ['keys', { asks: 'Modality=CT' }],
  ])('are two with another %s', (_, parts) => {
    const buffer = new TrafficBuffer<string>();
    buffer.addLook(aLook(), 1);
    buffer.addLook(aLook(parts), 2);
    expect(buffer.take(3, false).looks).toHaveLength(2);
  });

  it('are two when they differ in one of many answers', () => {
    const buffer = new TrafficBuffer<string>();
    const shown = (middle: string) => aLook({ stepIds: ['A1.1', middle, 'A9.1'] });
    for (const middle of ['A2.1', 'A3.1', 'A2.1', 'A4.1', 'A3.1', 'A2.1']) buffer.addLook(shown(middle), 1);
    expect(buffer.take(3, false).looks.map(({ stepIds, times }) => [stepIds[1], times])).toEqual([
      ['A2.1', 3],
      ['A3.1', 2],
      ['A4.1', 1],
    ]);
  });

  it('are never forgotten: beyond the last place they are counted with their caller, with every step that was shown', () => {
    const buffer = new TrafficBuffer<string>();
    const extra = 300;
    for (let i = 0; i < LOOKS_APART_MAX + extra; i += 1)
      buffer.addLook(aLook({ asks: `PatientID=${i}`, stepIds: [`A${i % (LOOKS_APART_MAX + 10)}.1`] }), i);
    buffer.addLook(aLook({ callingAETitle: 'SPARE', asks: 'new', stepIds: ['B1.1'] }), 5_000);
    const { looks } = buffer.take(6_000, false);
    const mixed = looks.filter(({ isMixed }) => isMixed);
    expect(looks).toHaveLength(LOOKS_APART_MAX + 2);
    expect(mixed).toMatchObject([
      { callingAETitle: 'SPECTCT1', times: extra },
      { callingAETitle: 'SPARE', times: 1, stepIds: ['B1.1'] },
    ]);
    expect(looks.reduce((sum, { times }) => sum + times, 0)).toBe(LOOKS_APART_MAX + extra + 1);
    expect(new Set(looks.flatMap(({ stepIds }) => stepIds)).size).toBe(LOOKS_APART_MAX + 10 + 1);
  });

  it('leave behind when the scanner was heard, and what it was told last', () => {
    const buffer = new TrafficBuffer<string>();
    buffer.addLook(aLook(), 1);
    buffer.addLook(aLook({ stepIds: [], status: 0xa900 }), 2);
    buffer.addContact('one', 'echo', 3);
    buffer.addContact('two', 'step', 4);
    expect(buffer.take(5, false).contacts).toEqual([
      {
        scannerId: 'one',
        echoedAtMs: 3,
        queriedAtMs: 2,
        queryStatus: 0xa900,
        queryAnswers: 0,
        steppedAtMs: null,
      },
      {
        scannerId: 'two',
        echoedAtMs: null,
        queriedAtMs: null,
        queryStatus: null,
        queryAnswers: null,
        steppedAtMs: 4,
      },
    ]);
  });
});

describe('callers that are turned away', () => {
  it('are one when they are alike', () => {
    const buffer = new TrafficBuffer<string>();
    for (let atMs = 0; atMs < 1_000; atMs += 1) buffer.addRejection(aRejection(), atMs);
    const { rejections, beyond } = buffer.take(1_000, false);
    expect(rejections).toMatchObject([{ times: 1_000, isAudited: true }]);
    expect(beyond).toEqual([]);
  });

  it('are audited so often a minute and then by their number, when the minute is over', () => {
    const buffer = new TrafficBuffer<string>();
    const count = REJECTIONS_AUDITED_PER_MINUTE_MAX + 900;
    for (let i = 0; i < count; i += 1)
      buffer.addRejection(aRejection({ callingAETitle: `X${i}` }), 60_000 + i);
    const first = buffer.take(61_000, false);
    expect(first.rejections.filter(({ isAudited }) => isAudited)).toHaveLength(
      REJECTIONS_AUDITED_PER_MINUTE_MAX,
    );
    expect(first.rejections.length).toBeLessThanOrEqual(REJECTIONS_APART_MAX);
    expect(first.beyond).toEqual([]);
    expect(buffer.beyondEndsAtMs).toBe(120_000);
    expect(buffer.take(119_999, false).beyond).toEqual([]);
    const [beyond] = buffer.take(120_000, false).beyond;
    expect(beyond).toMatchObject({ times: 900, remoteAddresses: ['192.0.2.9'] });
    expect(beyond?.callingAETitles).toHaveLength(10);
    expect(buffer.beyondEndsAtMs).toBeNull();
  });

  it('begin anew with each minute, and are told at the end whatever the minute', () => {
    const buffer = new TrafficBuffer<string>();
    for (let i = 0; i < REJECTIONS_AUDITED_PER_MINUTE_MAX + 5; i += 1)
      buffer.addRejection(aRejection({ callingAETitle: `X${i}` }), i);
    expect(buffer.take(100, true).beyond).toMatchObject([{ times: 5 }]);
    buffer.addRejection(aRejection({ callingAETitle: 'NEXT' }), 60_001);
    expect(buffer.take(60_002, false).rejections).toMatchObject([{ isAudited: true }]);
  });
});

describe('a batch that is written', () => {
  it('comes in writes of a bearable size that hold all of it, the smaller things first', () => {
    const buffer = new TrafficBuffer<string>();
    const many = Array.from({ length: 2 * STEP_IDS_PER_WRITE_MAX + 1 }, (_, index) => `A${index}.1`);
    buffer.addLook(aLook({ stepIds: ['B1.1'] }), 1);
    buffer.addLook(aLook({ stepIds: many, asks: 'everything' }), 2);
    const writes = writesOf(buffer.take(3, true));
    const looks = writes.flatMap((write) => write.looks);
    expect(looks.flatMap(({ stepIds }) => stepIds)).toEqual(['B1.1', ...many]);
    for (const { looks: each } of writes)
      expect(each.reduce((sum, { stepIds }) => sum + stepIds.length, 0)).toBeLessThanOrEqual(
        STEP_IDS_PER_WRITE_MAX,
      );
    expect(looks.map(({ part }) => part)).toEqual([
      undefined,
      { number: 1, of: 3, answerCount: many.length },
      { number: 2, of: 3, answerCount: many.length },
      { number: 3, of: 3, answerCount: many.length },
    ]);
    expect(looks.map(({ query }) => query !== null)).toEqual([true, true, false, false]);
    expect(writes.map(({ contacts }) => contacts.length)).toEqual([1, ...writes.slice(1).map(() => 0)]);
  });
});
