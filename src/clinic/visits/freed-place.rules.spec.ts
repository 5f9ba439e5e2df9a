import { describe, expect, it } from 'vitest';
import { deskOpen } from '../../../test/support/desk-hours.factory.js';
import {
  FreedPlaceOfferStatus,
  FreedPlaceStatus,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  type AskedOffer,
  answerableOf,
  answerDeadline,
  canAnswer,
  canDoWithPlace,
  extentOf,
  FREED_PLACE_VERBS,
  hasLapsed,
  leavesPlace,
  longEnough,
  shownPlaceStatus,
  spansStillFree,
  termsOfRound,
  usableUntil,
} from './freed-place.rules.js';

const at = (text: string) => Temporal.Instant.from(`2026-03-${text}Z`);
const NOW = at('02T09:00');
const ZONE = 'Europe/London';
const span = (resourceId: string, startsAt: string, endsAt: string) => ({
  resourceId,
  startsAt: at(startsAt),
  endsAt: at(endsAt),
});

describe('a visit leaves a place', () => {
  it.each(['visit.cancelled', 'visit.moved', 'visit.missed', 'visit.discontinued'])('by %s', (action) => {
    const leaving = Object.values(VisitStatus).filter((status) => leavesPlace(action, { status }));
    expect(leaving.toSorted()).toEqual(['ARRIVED', 'BOOKED', 'IN_PROGRESS']);
    expect(leavesPlace(action, null)).toBe(false);
  });

  it.each(['visit.booked', 'visit.held', 'visit.hold-released', 'visit.hold-lapsed', 'visit.finished'])(
    'not by %s',
    (action) => expect(leavesPlace(action, { status: VisitStatus.BOOKED })).toBe(false),
  );
});

describe('what is left of a place', () => {
  it('is what lies in the free time of the same resource, from a moment on', () => {
    const left = spansStillFree(
      [span('b', '04T09:00', '04T12:00'), span('a', '04T09:00', '04T10:00')],
      [
        span('a', '04T08:00', '04T18:00'),
        span('b', '04T10:30', '04T11:00'),
        span('c', '04T08:00', '04T18:00'),
      ],
      at('04T09:15'),
    );
    expect(left).toEqual([span('a', '04T09:15', '04T10:00'), span('b', '04T10:30', '04T11:00')]);
    expect(extentOf(left)).toEqual({ startsAt: at('04T09:15'), endsAt: at('04T11:00') });
    expect(extentOf([])).toBeNull();
  });

  it('is nothing two hours before its end, and shown as over then or when it is booked', () => {
    const place = { status: FreedPlaceStatus.OPEN, endsAt: at('04T12:00') };
    expect(usableUntil(place)).toEqual(at('04T10:00'));
    expect(shownPlaceStatus(place, true, at('04T09:59'))).toBe('OPEN');
    expect(shownPlaceStatus(place, true, at('04T10:00'))).toBe('EXPIRED');
    expect(shownPlaceStatus(place, false, NOW)).toBe('EXPIRED');
    const asking = { ...place, status: FreedPlaceStatus.OFFERING };
    expect(shownPlaceStatus(asking, false, at('05T10:00'))).toBe('OFFERING');
  });
});

describe('a place', () => {
  it.each([
    ['OPEN', ['offerFreedPlace', 'withdrawFreedPlace']],
    ['OFFERING', ['withdrawFreedPlace']],
    ['TAKEN', []],
    ['WITHDRAWN', []],
    ['EXPIRED', []],
  ] as const)('that is %s allows %j', (status, verbs) => {
    expect(FREED_PLACE_VERBS[status]).toEqual(verbs);
    for (const verb of ['offerFreedPlace', 'withdrawFreedPlace'] as const) {
      const answer = canDoWithPlace({ status, version: 3 }, verb, 3)?.code ?? null;
      expect(answer).toBe(verbs.some((one) => one === verb) ? null : 'FreedPlaceNotOpen');
    }
  });

  it('that has changed is not changed by who has not seen it', () => {
    const place = { status: FreedPlaceStatus.OPEN, version: 3 };
    expect(canDoWithPlace(place, 'offerFreedPlace', 2)?.code).toBe('FreedPlaceChangedMeanwhile');
  });
});

describe('an offer', () => {
  const sent: AskedOffer = { status: 'SENT', version: 1, sentAt: NOW, answerBy: at('02T10:00') };

  it.each([
    ['QUEUED', 'OfferNotOpen'],
    ['SENT', null],
    ['ACCEPTED', 'OfferNotOpen'],
    ['DECLINED', 'OfferNotOpen'],
    ['LAPSED', 'OfferExpired'],
    ['GONE', 'OfferGone'],
  ] as const)('that is %s answers %s', (status, code) => {
    expect(Object.values(FreedPlaceOfferStatus)).toContain(status);
    expect(canAnswer({ ...sent, status }, 1, NOW)?.code ?? null).toBe(code);
  });

  it('is over at its last moment, and not before', () => {
    const [before, then] = [at('02T09:59:59.999'), at('02T10:00')];
    expect(canAnswer(sent, 1, before)).toBeNull();
    expect(canAnswer(sent, 1, then)?.code).toBe('OfferExpired');
    expect([hasLapsed(sent, before), hasLapsed(sent, then)]).toEqual([false, true]);
    expect(hasLapsed({ ...sent, status: 'DECLINED' }, then)).toBe(false);
    expect(canAnswer(sent, 0, before)?.code).toBe('FreedPlaceChangedMeanwhile');
  });
});

describe('the time for an answer', () => {
  const offer = (startsAt: string, earliestOn: string) => ({
    startsAt: at(startsAt),
    earliestOn: Temporal.PlainDate.from(`2026-03-${earliestOn}`),
  });

  it('is as the terms say, but leaves an hour to come', () => {
    expect(answerDeadline(NOW, NOW.add({ minutes: 120 }), offer('09T09:00', '03'), ZONE)).toEqual(
      at('02T11:00'),
    );
    expect(answerDeadline(NOW, NOW.add({ minutes: 120 }), offer('02T11:30', '02'), ZONE)).toEqual(
      at('02T10:30'),
    );
  });

  it('ends with the last day on which the visit may still be booked', () => {
    expect(answerDeadline(NOW, NOW.add({ minutes: 10_080 }), offer('04T09:00', '04'), ZONE)).toEqual(
      at('03T00:00'),
    );
    expect(answerDeadline(NOW, NOW.add({ minutes: 10_080 }), offer('06T09:00', '04'), ZONE)).toEqual(
      at('05T00:00'),
    );
  });

  it('is not a few minutes: then nobody is asked', () => {
    const late = at('02T23:56');
    expect(answerableOf([offer('03T09:00', '03')], late.add({ minutes: 120 }), late, ZONE)).toEqual([]);
    expect(answerableOf([offer('03T09:00', '02')], late.add({ minutes: 120 }), late, ZONE)).toHaveLength(1);
  });
});

describe('the terms of a round', () => {
  const desk = deskOpen('08:00', '18:00');
  const usual = { atOnce: 1, answerMinutes: 120 };
  const asked = (sentAt: string, answerBy: string): AskedOffer => ({
    status: 'LAPSED',
    version: 1,
    sentAt: at(sentAt),
    answerBy: at(answerBy),
  });

  it('are those of its first questions', () => {
    const offers = [
      asked('02T10:00', '02T12:00'),
      asked('02T09:00', '02T09:30'),
      asked('02T09:00', '02T09:45'),
      { status: 'QUEUED', version: 0, sentAt: null, answerBy: null } as const,
    ];
    expect(termsOfRound(offers, usual, desk)).toEqual({ atOnce: 2, answerMinutes: 45 });
    expect(termsOfRound([], usual, desk)).toEqual(usual);
  });

  it('count of an answer on another day the hours of the desk, where there are any', () => {
    const minutesOf = (sentAt: string, answerBy: string) =>
      termsOfRound([asked(sentAt, answerBy)], usual, desk).answerMinutes;
    expect(minutesOf('02T17:30', '03T09:30')).toBe(120);
    expect(minutesOf('02T17:30', '02T19:30')).toBe(120);
    expect(minutesOf('07T10:00', '08T10:00')).toBe(1440);
  });
});

describe('what is left of a place', () => {
  it('counts where it is not shorter than the shortest use of its kind', () => {
    const kindOf = new Map([
      ['ada', 'PHYSIOTHERAPIST' as const],
      ['gym', 'THERAPY_ROOM' as const],
    ]);
    const shortest = new Map([['PHYSIOTHERAPIST' as const, 15 * 60_000]]);
    const spans = [
      span('ada', '04T09:00', '04T09:15'),
      span('ada', '04T09:30', '04T09:44'),
      span('gym', '04T09:00', '04T17:00'),
      span('nobody', '04T09:00', '04T17:00'),
    ];
    expect(longEnough(spans, kindOf, shortest)).toEqual(spans.slice(0, 1));
  });
});
