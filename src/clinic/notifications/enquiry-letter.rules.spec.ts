import { describe, expect, it } from 'vitest';
import { ContactPreference } from '../../platform/database/generated/enums.js';
import { decideAcknowledgement, decideReply } from './enquiry-letter.rules.js';

const OWN = ['clinic@facet.example', 'desk@facet.example'];
const zoe = { name: 'Zoë Ng', email: 'zoe@example.org' };
const facts = { enquirer: zoe, preferredWay: null, isAutomatic: false };

const codeOf = (verdict: ReturnType<typeof decideReply>) =>
  'code' in verdict ? verdict.code : verdict.address;

describe('whether an enquiry is acknowledged', () => {
  it('is, at the address that was given', () => {
    expect(codeOf(decideAcknowledgement(facts, OWN))).toBe('zoe@example.org');
  });

  it('is not, when it is closed, converted or spam by now', () => {
    expect(decideAcknowledgement(null, OWN)).toEqual({ verdict: 'SUPERSEDED', code: 'MATTER_MOVED_ON' });
  });

  it('is not to a machine, whatever else holds', () => {
    const automatic = { ...facts, isAutomatic: true };
    expect(codeOf(decideAcknowledgement(automatic, OWN))).toBe('AUTOMATIC_MAIL');
    expect(codeOf(decideAcknowledgement({ ...automatic, preferredWay: 'LETTER' }, OWN))).toBe(
      'AUTOMATIC_MAIL',
    );
  });

  it.each([...Object.values(ContactPreference), null])('by e-mail, to who prefers %s', (preferredWay) => {
    const isWritten = preferredWay !== 'LETTER' && preferredWay !== 'TELEPHONE';
    expect(codeOf(decideAcknowledgement({ ...facts, preferredWay }, OWN))).toBe(
      isWritten ? 'zoe@example.org' : 'ANSWERED_OTHERWISE',
    );
  });

  it('is not, without an address or at one of our own: it would come in again', () => {
    const at = (email: string | null) =>
      codeOf(decideAcknowledgement({ ...facts, enquirer: { name: null, email } }, OWN));
    expect(at(null)).toBe('ANSWERED_OTHERWISE');
    expect(at(' Desk@Facet.Example')).toBe('OWN_ADDRESS');
  });
});

describe('whether a reply is sent', () => {
  it('is, when there is an address that is not our own', () => {
    expect(codeOf(decideReply({ enquirer: zoe }, OWN))).toBe('zoe@example.org');
    expect(codeOf(decideReply({ enquirer: { name: null, email: null } }, OWN))).toBe('NO_EMAIL_ADDRESS');
    expect(codeOf(decideReply({ enquirer: { ...zoe, email: OWN[0] ?? '' } }, OWN))).toBe('OWN_ADDRESS');
    expect(codeOf(decideReply(null, OWN))).toBe('MATTER_MOVED_ON');
  });
});
