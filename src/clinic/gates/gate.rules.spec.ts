import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { instantOfLocal, Temporal } from '../../platform/time/index.js';
import { GateClosed, GateState } from './gate.refusals.js';
import { firstClosed, firstLapse, inOrder, isOpen, leadingStage, verdict } from './gate.rules.js';
import {
  breastFeedingEnquired,
  identityChecked,
  pregnancyEnquired,
  safetyChecked,
} from './gate-check.rules.js';
import { consentInForce } from './gate-consent.rules.js';
import { lookedBackTo, noRecentExposure, withinHoursOn } from './gate-exposure.rules.js';
import {
  employerLicence,
  operatorEntitled,
  operatorOnRecord,
  practitionerLicence,
} from './gate-licence.rules.js';
import {
  authorised,
  justified,
  type RequestFacts,
  referrerEntitled,
  requestComplete,
} from './gate-request.rules.js';

const at = Temporal.Instant.from('2026-11-20T10:00Z');
const day = (text: string) => Temporal.PlainDate.from(text);
const signed = { byId: 'vetter', byName: 'Dr Vetter', at };

const REQUEST: RequestFacts = {
  isComplete: true,
  missing: [],
  procedureCode: 'BONE_SPECT_CT',
  requestedBy: { id: 'rae', name: 'Rae Desk' },
  requestedAt: at,
  referrer: { isEntitled: true, reason: 'Entitled.' },
  justified: signed,
  authorised: { ...signed, guideline: null },
  authorisedUntil: day('2026-12-31'),
  usedElsewhereAt: null,
  decideAgainReason: null,
  endReason: null,
};
const WANT = { procedureCode: 'BONE_SPECT_CT', on: day('2026-12-03') };

describe('the request', () => {
  it('that is all there opens its gates, and says by whom', () => {
    expect(referrerEntitled(REQUEST).state).toBe('PASSED');
    expect(requestComplete(REQUEST)).toMatchObject({ state: 'PASSED', byName: 'Rae Desk' });
    expect(justified(REQUEST, WANT)).toMatchObject({ state: 'PASSED', ...signed });
    expect(authorised(REQUEST, WANT)).toMatchObject({ state: 'PASSED', ...signed });
  });

  it('that another booking has carried out opens neither of the two that rest on the decision', () => {
    const used = { ...REQUEST, usedElsewhereAt: at };
    for (const found of [justified(used, WANT), authorised(used, WANT)]) {
      expect(found).toMatchObject({ state: 'FAILED', reasonCode: 'REQUEST_USED', at });
      expect(found.reason).toMatch(/Write a new request/);
    }
  });

  it('that nobody wrote is waited for at each of them', () => {
    for (const found of [
      referrerEntitled(null),
      requestComplete(null),
      justified(null, WANT),
      authorised(null, WANT),
    ]) {
      expect(found).toMatchObject({ state: 'WAITING', reasonCode: 'NOT_REQUESTED' });
    }
  });

  it.each([
    [
      'a referrer who is not entitled',
      { referrer: { isEntitled: false, reason: 'Ask.' } },
      'FAILED',
      'REFERRER_NOT_ENTITLED',
    ],
    ['what is missing', { isComplete: false, missing: ['Weigh.', 'Ask.'] }, 'WAITING', 'REQUEST_INCOMPLETE'],
    ['no justification', { justified: null }, 'WAITING', 'NOT_JUSTIFIED'],
    ['a justification of something else', { procedureCode: 'OTHER' }, 'FAILED', 'JUSTIFIED_FOR_ANOTHER'],
    ['no authorisation', { authorised: null }, 'WAITING', 'NOT_AUTHORISED'],
    [
      'an authorisation that ends before',
      { authorisedUntil: day('2026-12-02') },
      'FAILED',
      'AUTHORISATION_LAPSES',
    ],
    ['a request that ended', { justified: null, endReason: 'Rejected.' }, 'FAILED', 'REQUEST_ENDED'],
  ] as const)('with %s shuts the gate that asks for it', (_what, change, state, reasonCode) => {
    const request = { ...REQUEST, ...change };
    const all = [
      referrerEntitled(request),
      requestComplete(request),
      justified(request, WANT),
      authorised(request, WANT),
    ];
    const shut = all.filter((found) => !isOpen(found));
    expect(shut.map((found) => found.reasonCode)).toEqual([reasonCode]);
    expect(shut[0]?.state).toBe(state);
  });

  it('says every missing thing, and what must be decided again', () => {
    expect(requestComplete({ ...REQUEST, isComplete: false, missing: ['Weigh.', 'Ask.'] }).reason).toBe(
      'Weigh. Ask.',
    );
    const again = justified({ ...REQUEST, justified: null, decideAgainReason: 'The weight changed.' }, WANT);
    expect(again.reason).toContain('The weight changed.');
  });

  it('is authorised to the end of its last day', () => {
    expect(authorised({ ...REQUEST, authorisedUntil: WANT.on }, WANT).state).toBe('PASSED');
  });

  it('names the guideline of an operator', () => {
    const byOperator = { ...REQUEST, authorised: { ...signed, guideline: 'BONE v2' } };
    expect(authorised(byOperator, WANT).reason).toContain('BONE v2');
  });
});

describe('licences and entitlements', () => {
  it('open and shut as they are found', () => {
    expect(employerLicence({ held: true, reason: 'x' }).state).toBe('PASSED');
    expect(employerLicence({ held: false, reason: 'x' })).toMatchObject({
      state: 'FAILED',
      reasonCode: 'LICENCE_NOT_HELD',
    });
    expect(practitionerLicence(true, { held: false, reason: 'x' }).state).toBe('FAILED');
    expect(practitionerLicence(false, { held: false, reason: 'x' }).state).toBe('WAITING');
    expect(practitionerLicence(true, { held: true, reason: 'x' }).state).toBe('PASSED');
    expect(operatorEntitled(null).state).toBe('WAITING');
    expect(operatorEntitled({ entitled: true, reason: 'x' }).state).toBe('PASSED');
    expect(operatorEntitled({ entitled: false, reason: 'x' }).state).toBe('FAILED');
  });
});

describe('an operator', () => {
  const by = { byId: 'olu', byName: 'Olu Operator', at };

  it('who has injected is shown as on record, and nobody before', () => {
    expect(operatorOnRecord(null)).toMatchObject({ state: 'WAITING', reasonCode: 'NOBODY_ACTS' });
    expect(operatorOnRecord({ ...by, wasEntitled: true })).toMatchObject({ state: 'PASSED', ...by });
    expect(operatorOnRecord({ ...by, wasEntitled: false })).toMatchObject({
      ...{ state: 'FAILED', reasonCode: 'OPERATOR_WAS_NOT_ENTITLED', ...by },
      reason: expect.stringContaining('Raise an incident'),
    });
  });
});

describe('checks', () => {
  const by = { byId: 'sam', byName: 'Sam Asker', at };
  const found = (state: 'PASSED' | 'WAITING') => ({ state, reasonCode: 'X', reason: 'Breast-feeds.', ...by });

  it('are gates as they are found', () => {
    expect(identityChecked(found('PASSED'))).toEqual(found('PASSED'));
    expect(safetyChecked(found('WAITING'))).toEqual(found('WAITING'));
    expect(pregnancyEnquired(found('WAITING'))).toEqual(found('WAITING'));
    expect(breastFeedingEnquired(found('WAITING'))).toEqual(found('WAITING'));
  });

  it('do not say what was answered once nothing is left to be done', () => {
    for (const gate of [pregnancyEnquired, breastFeedingEnquired]) {
      expect(gate(found('PASSED'))).toMatchObject({ state: 'PASSED', reasonCode: 'ENQUIRED', ...by });
      expect(gate(found('PASSED')).reason).not.toContain('Breast-feeds');
    }
  });
});

describe('consent', () => {
  const yes = {
    inForce: true,
    isAsked: true,
    awaitsConfirmation: false,
    reason: 'In force.',
    holdsUntil: null,
    by: null,
  };

  it('tells "never asked" from "no"', () => {
    expect(consentInForce(yes, true).state).toBe('PASSED');
    expect(consentInForce({ ...yes, inForce: false, isAsked: false }, false)).toMatchObject({
      state: 'WAITING',
      reasonCode: 'CONSENT_NOT_ASKED',
    });
    expect(consentInForce({ ...yes, inForce: false, reason: 'Withdrawn.' }, false)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('Withdrawn.'),
    });
  });

  it('that is to be confirmed lets the patient come, and does not let anybody inject', () => {
    const unconfirmed = { ...yes, awaitsConfirmation: true };
    expect(consentInForce(unconfirmed, false).state).toBe('PASSED');
    expect(consentInForce(unconfirmed, true)).toMatchObject({
      ...{ state: 'WAITING', reasonCode: 'CONSENT_NOT_CONFIRMED' },
      reason: expect.stringContaining('Ask again'),
    });
  });

  it('names who took the decision, be it a yes or a no, where that was looked up', () => {
    const by = { byId: 'nell', byName: 'Nell Nurse', at };
    expect(consentInForce({ ...yes, by }, false)).toMatchObject({ state: 'PASSED', ...by });
    expect(consentInForce({ ...yes, by, awaitsConfirmation: true }, true)).toMatchObject(by);
    expect(consentInForce({ ...yes, by, inForce: false }, false)).toMatchObject({ state: 'FAILED', ...by });
    expect(consentInForce(yes, false)).toMatchObject({ byId: null, byName: null, at: null });
  });

  it('says when it ends by itself', () => {
    expect(consentInForce({ ...yes, holdsUntil: at }, false).holdsUntil).toBe(at);
  });
});

describe('earlier exposures', () => {
  const zone = 'Europe/London';

  it('shut the gate with the latest of them', () => {
    const earlier = [
      { name: 'Bone SPECT-CT', at },
      { name: 'Thyroid scan', at: at.add({ hours: 5 }) },
    ];
    expect(noRecentExposure(earlier, 48, zone)).toMatchObject({
      state: 'FAILED',
      reasonCode: 'RECENT_EXPOSURE',
      reason: expect.stringContaining('Thyroid scan'),
    });
    expect(noRecentExposure([], 48, zone).state).toBe('PASSED');
    expect(noRecentExposure(earlier, 0, zone).state).toBe('NOT_APPLICABLE');
    expect(noRecentExposure(earlier, null, zone).state).toBe('NOT_APPLICABLE');
  });

  it('are looked for over hours as they pass, across both changes of the clock', () => {
    const local = (text: string) => instantOfLocal(Temporal.PlainDateTime.from(text), zone);
    expect(lookedBackTo(local('2027-03-28T12:00'), 48).equals(local('2027-03-26T11:00'))).toBe(true);
    expect(lookedBackTo(local('2027-10-31T12:00'), 48).equals(local('2027-10-29T13:00'))).toBe(true);
  });

  it('are looked for by the row in force, the own of a procedure first', () => {
    const rows = [
      { procedureCode: 'ANY', withinHours: 48, effectiveFrom: day('2020-01-01') },
      { procedureCode: 'BONE', withinHours: 24, effectiveFrom: day('2026-06-01') },
      { procedureCode: 'BONE', withinHours: 72, effectiveFrom: day('2026-09-01') },
    ];
    expect(withinHoursOn(rows, 'BONE', day('2026-05-31'))).toBe(48);
    expect(withinHoursOn(rows, 'BONE', day('2026-06-01'))).toBe(24);
    expect(withinHoursOn(rows, 'BONE', day('2026-09-01'))).toBe(72);
    expect(withinHoursOn(rows, 'OTHER', day('2026-09-01'))).toBe(48);
    expect(withinHoursOn([], 'OTHER', day('2026-09-01'))).toBeNull();
  });
});

describe('gates together', () => {
  const judged = fc.array(
    fc.record({
      code: fc.constantFrom(...Object.values(GateCode)),
      stage: fc.constantFrom(...Object.values(GateStage)),
      strictness: fc.constantFrom('HARD' as const, 'ADVISORY' as const),
      state: fc.constantFrom(...Object.values(GateState)),
    }),
    { maxLength: 40 },
  );

  it('refuse by the first hard one that is shut, and by nothing else', () => {
    fc.assert(
      fc.property(judged, (some) => {
        const gates = some.map((gate) => ({ ...gate, ...verdict(gate.state, 'X', 'Do it.') }));
        const closed = firstClosed(gates);
        const shut = gates.filter(
          ({ strictness, state }) => strictness === 'HARD' && (state === 'WAITING' || state === 'FAILED'),
        );
        if (closed === null) return shut.length === 0;
        return shut.includes(closed) && shut.every((gate) => inOrder(closed, gate) <= 0);
      }),
    );
  });

  it('lapse when the first hard one shuts by itself', () => {
    const open = {
      ...verdict(GateState.PASSED, 'X', 'Held.'),
      code: 'CONSENT_IN_FORCE',
      stage: 'PUBLICATION',
    } as const;
    const later = at.add({ hours: 1 });
    const gates = [
      { ...open, strictness: 'HARD', holdsUntil: later },
      { ...open, strictness: 'HARD' },
      { ...open, strictness: 'ADVISORY', holdsUntil: at },
    ] as const;
    expect(firstLapse(gates)).toBe(later);
    expect(firstLapse(gates.slice(1))).toBeNull();
  });

  it('do not send whoever reads them to a licence before there is a practitioner', () => {
    const shut = (code: GateCode) => ({
      ...({ code, stage: 'PUBLICATION', strictness: 'HARD' } as const),
      ...verdict(GateState.WAITING, 'X', 'Do it.'),
    });
    expect(firstClosed([shut('PRACTITIONER_LICENCE'), shut('JUSTIFIED')])?.code).toBe('JUSTIFIED');
    expect(firstClosed([shut('JUSTIFIED'), shut('REQUEST_COMPLETE')])?.code).toBe('REQUEST_COMPLETE');
  });

  it('say in the refusal which gate, where, why and what to do', () => {
    const refusal = new GateClosed({
      code: 'JUSTIFIED',
      stage: 'INJECTION',
      ...verdict(GateState.WAITING, 'NOT_JUSTIFIED', 'A practitioner has to decide on it first.'),
    });
    expect(refusal).toMatchObject({
      code: 'GateClosed',
      gate: 'JUSTIFIED',
      stage: 'INJECTION',
      state: 'WAITING',
      reasonCode: 'NOT_JUSTIFIED',
      message: 'A practitioner has to decide on it first.',
    });
  });

  it('lead with the first stage at which they are hard', () => {
    const soft = { stage: 'BOOKING', strictness: 'ADVISORY' } as const;
    const hard = { stage: 'PUBLICATION', strictness: 'HARD' } as const;
    expect(leadingStage([hard, soft])).toBe(hard);
    expect(leadingStage([{ stage: 'ARRIVAL', strictness: 'ADVISORY' }, soft])).toBe(soft);
    expect(leadingStage([])).toBeNull();
  });
});
