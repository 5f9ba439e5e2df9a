import { describe, expect, it } from 'vitest';
import { ImagingRequestAction, ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { ImagingRequestNotPossible } from './imaging-request.refusals.js';
import { allowedActions, canDo, isDecided, isToDecide, LIVE, nextStatus } from './request-state.rules.js';

const STATUSES = Object.values(ImagingRequestStatus);
const ACTIONS = Object.values(ImagingRequestAction);

/** By hand: state, action, where it leads when nothing is missing, and when something is. Whatever is not here is refused. */
const POSSIBLE: readonly (readonly [
  ImagingRequestStatus,
  ImagingRequestAction,
  ImagingRequestStatus,
  ImagingRequestStatus,
])[] = [
  ['DRAFT', 'AMEND', 'DRAFT', 'DRAFT'],
  ['DRAFT', 'SUBMIT', 'SUBMITTED', 'INCOMPLETE'],
  ['DRAFT', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['DRAFT', 'LAPSE', 'LAPSED', 'LAPSED'],
  ['INCOMPLETE', 'AMEND', 'SUBMITTED', 'INCOMPLETE'],
  ['INCOMPLETE', 'SUBMIT', 'SUBMITTED', 'INCOMPLETE'],
  ['INCOMPLETE', 'ASK', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['INCOMPLETE', 'REJECT', 'REJECTED', 'REJECTED'],
  ['INCOMPLETE', 'CLAIM', 'INCOMPLETE', 'INCOMPLETE'],
  ['INCOMPLETE', 'TAKE_OVER', 'INCOMPLETE', 'INCOMPLETE'],
  ['INCOMPLETE', 'RELEASE', 'INCOMPLETE', 'INCOMPLETE'],
  ['INCOMPLETE', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['INCOMPLETE', 'LAPSE', 'LAPSED', 'LAPSED'],
  ['SUBMITTED', 'AMEND', 'SUBMITTED', 'INCOMPLETE'],
  ['SUBMITTED', 'ASK', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['SUBMITTED', 'JUSTIFY', 'JUSTIFIED', 'JUSTIFIED'],
  ['SUBMITTED', 'AUTHORISE_UNDER_GUIDELINE', 'AUTHORISED', 'AUTHORISED'],
  ['SUBMITTED', 'REJECT', 'REJECTED', 'REJECTED'],
  ['SUBMITTED', 'CLAIM', 'SUBMITTED', 'SUBMITTED'],
  ['SUBMITTED', 'TAKE_OVER', 'SUBMITTED', 'SUBMITTED'],
  ['SUBMITTED', 'RELEASE', 'SUBMITTED', 'SUBMITTED'],
  ['SUBMITTED', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['SUBMITTED', 'LAPSE', 'LAPSED', 'LAPSED'],
  ['INFORMATION_ASKED', 'AMEND', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['INFORMATION_ASKED', 'RECORD_ANSWER', 'SUBMITTED', 'INCOMPLETE'],
  ['INFORMATION_ASKED', 'REJECT', 'REJECTED', 'REJECTED'],
  ['INFORMATION_ASKED', 'CLAIM', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['INFORMATION_ASKED', 'TAKE_OVER', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['INFORMATION_ASKED', 'RELEASE', 'INFORMATION_ASKED', 'INFORMATION_ASKED'],
  ['INFORMATION_ASKED', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['INFORMATION_ASKED', 'LAPSE', 'LAPSED', 'LAPSED'],
  ['JUSTIFIED', 'AMEND', 'JUSTIFIED', 'JUSTIFIED'],
  ['JUSTIFIED', 'AUTHORISE', 'AUTHORISED', 'AUTHORISED'],
  ['JUSTIFIED', 'AUTHORISE_UNDER_GUIDELINE', 'AUTHORISED', 'AUTHORISED'],
  ['JUSTIFIED', 'WITHDRAW_JUSTIFICATION', 'SUBMITTED', 'INCOMPLETE'],
  ['JUSTIFIED', 'CLAIM', 'JUSTIFIED', 'JUSTIFIED'],
  ['JUSTIFIED', 'TAKE_OVER', 'JUSTIFIED', 'JUSTIFIED'],
  ['JUSTIFIED', 'RELEASE', 'JUSTIFIED', 'JUSTIFIED'],
  ['JUSTIFIED', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['JUSTIFIED', 'LAPSE', 'LAPSED', 'LAPSED'],
  ['AUTHORISED', 'AMEND', 'AUTHORISED', 'AUTHORISED'],
  ['AUTHORISED', 'WITHDRAW_AUTHORISATION', 'JUSTIFIED', 'JUSTIFIED'],
  ['AUTHORISED', 'WITHDRAW_JUSTIFICATION', 'SUBMITTED', 'INCOMPLETE'],
  ['AUTHORISED', 'WITHDRAW', 'WITHDRAWN', 'WITHDRAWN'],
  ['AUTHORISED', 'LAPSE', 'LAPSED', 'LAPSED'],
];

describe('the states of an imaging request', () => {
  it.each(STATUSES.flatMap((status) => ACTIONS.map((action) => [status, action] as const)))(
    '%s, %s: leads where the table says, or is refused with what can be done',
    (status, action) => {
      const row = POSSIBLE.find(([from, by]) => from === status && by === action);
      const complete = nextStatus(status, action, { isComplete: true });
      const incomplete = nextStatus(status, action, { isComplete: false });
      if (row !== undefined) {
        expect([complete, incomplete]).toEqual([row[2], row[3]]);
        expect(canDo(status, action)).toBeNull();
        return;
      }
      for (const refused of [complete, incomplete, canDo(status, action)]) {
        expect(refused).toBeInstanceOf(ImagingRequestNotPossible);
        expect(refused).toMatchObject({ status, allowedActions: allowedActions(status) });
      }
    },
  );

  it('are all reached', () => {
    expect(new Set(POSSIBLE.flatMap(([, , ...to]) => to))).toEqual(new Set(STATUSES));
  });

  it('offer to a person all that the table has, and not what the clock does', () => {
    for (const status of STATUSES) {
      const own = POSSIBLE.filter(([from, action]) => from === status && action !== 'LAPSE');
      expect(allowedActions(status).toSorted()).toEqual(own.map(([, action]) => action).toSorted());
    }
  });

  it.each(['JUSTIFIED', 'AUTHORISED'] as const)('%s falls when what was judged is amended', (status) => {
    const facts = { isJudgedChanged: true };
    expect(nextStatus(status, 'AMEND', { ...facts, isComplete: true })).toBe('SUBMITTED');
    expect(nextStatus(status, 'AMEND', { ...facts, isComplete: false })).toBe('INCOMPLETE');
    expect(isDecided(status)).toBe(true);
  });

  it('never lead from what was not judged to what is authorised but under a guideline', () => {
    const toAuthorised = POSSIBLE.filter(([from, , to]) => to === 'AUTHORISED' && from !== 'AUTHORISED');
    expect(toAuthorised.map(([from, action]) => [from, action])).toEqual([
      ['SUBMITTED', 'AUTHORISE_UNDER_GUIDELINE'],
      ['JUSTIFIED', 'AUTHORISE'],
      ['JUSTIFIED', 'AUTHORISE_UNDER_GUIDELINE'],
    ]);
  });

  it('leave nothing to be decided of what has been used up, and what its referrer says to be written', () => {
    const toDecide = (exposedVisitId: string | null) =>
      STATUSES.filter((status) => isToDecide({ status, exposedVisitId }));
    expect(LIVE).toEqual(['DRAFT', ...toDecide(null), 'AUTHORISED']);
    expect(toDecide('a visit')).toEqual([]);
    expect(allowedActions('INCOMPLETE', true)).toEqual(['AMEND', 'SUBMIT']);
    expect(allowedActions('INFORMATION_ASKED', true)).toEqual(['AMEND', 'RECORD_ANSWER']);
    expect(allowedActions('AUTHORISED', true)).toEqual(['AMEND']);
  });
});
