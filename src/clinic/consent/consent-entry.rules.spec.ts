import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type ConsentEntry,
  canDecide,
  documentsOf,
  entryProblem,
  missingAnswers,
  stageOf,
  type Told,
} from './consent-entry.rules.js';
import type { DatedPolicy } from './consent-policy.rules.js';

const TOLD: Told = {
  indication: 'Facet pain that came back',
  risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
  options: [
    { option: 'Physiotherapy', isDoingNothing: false },
    { option: 'Wait and see', isDoingNothing: true },
  ],
  leaflets: [],
  priorities: null,
  questions: null,
};
const POLICY: DatedPolicy = {
  procedureCode: null,
  effectiveFrom: Temporal.PlainDate.from('2020-01-01'),
  newWordingAsks: false,
  validFor: null,
  validForUnit: null,
  confirmation: 'NOT_NEEDED',
  confirmAfterDays: null,
  needsDiscussion: false,
  needsEvidence: false,
};
const PLAIN: ConsentEntry = {
  purpose: 'IMAGING_TRACER_AND_XRAYS',
  decision: 'GIVEN',
  procedureCode: null,
  side: null,
  levels: [],
  givenBy: 'PATIENT',
  giverName: null,
  giverEvidence: null,
  giverDocumentIds: [],
  capacity: null,
  capacityStatement: null,
  interpreterName: null,
  interpreterLanguage: null,
  takerCompetence: null,
  takerTraining: null,
  told: null,
  documentId: null,
  signatureDocumentId: null,
  formId: null,
  formAddress: null,
  formAgent: null,
};
const PROCEDURE: ConsentEntry = {
  ...PLAIN,
  purpose: 'PROCEDURE',
  procedureCode: 'FACET_INJECTION',
  side: 'LEFT',
  levels: ['L4/5'],
  told: TOLD,
  capacity: 'HAS_CAPACITY',
  capacityStatement: 'Understood, kept, weighed and said it back.',
  takerCompetence: 'PERFORMS_IT',
};
const FOR_THEM = {
  givenBy: 'BEST_INTERESTS_DECISION',
  giverName: 'Dr B',
  giverEvidence: 'Meeting of 1 March',
} as const;
const LACKING = { capacity: 'LACKS_CAPACITY', capacityStatement: 'Could not keep it.' } as const;

describe('what goes together', () => {
  it.each<[string, ConsentEntry, string | null]>([
    ['plain', PLAIN, null],
    ['a whole procedure', PROCEDURE, null],
    ['a procedure without its name', { ...PROCEDURE, procedureCode: null }, 'procedureCode'],
    ['a name where there is no procedure', { ...PLAIN, procedureCode: 'X' }, 'procedureCode'],
    ['a side of imaging', { ...PLAIN, side: 'LEFT' }, 'side'],
    ['a level of imaging', { ...PLAIN, levels: ['L4/5'] }, 'levels'],
    ['risks of marketing', { ...PLAIN, purpose: 'MARKETING', told: TOLD }, 'told'],
    [
      'capacity for a privacy notice',
      {
        ...PROCEDURE,
        ...{ purpose: 'PRIVACY_NOTICE', procedureCode: null, side: null, levels: [], told: null },
      },
      'capacity',
    ],
    [
      'competence for messages',
      { ...PLAIN, purpose: 'CONTACT_BY_MESSAGE', takerCompetence: 'PERFORMS_IT' },
      'takerCompetence',
    ],
    ['a name beside the patient', { ...PLAIN, giverName: 'Ann' }, 'giverName'],
    ['nobody named for the patient', { ...PLAIN, givenBy: 'PARENT' }, 'giverName'],
    ['capacity without a statement', { ...PLAIN, capacity: 'HAS_CAPACITY' }, 'capacityStatement'],
    ['a statement without capacity', { ...PLAIN, capacityStatement: 'Well.' }, 'capacity'],
    ['who lacks capacity decides', { ...PROCEDURE, ...LACKING }, 'givenBy'],
    ['somebody decides for who can', { ...PROCEDURE, ...FOR_THEM }, 'capacity'],
    ['somebody decides for who cannot', { ...PROCEDURE, ...FOR_THEM, ...LACKING }, null],
  ])('%s', (_, entry, field) => {
    expect(entryProblem(entry)?.split(':')[0] ?? null).toBe(field);
  });
});

describe('what a "yes" needs', () => {
  it.each<[string, ConsentEntry, Partial<DatedPolicy>, string[]]>([
    ['nothing more, of imaging as set up', PLAIN, {}, []],
    ['everything, of a procedure', PROCEDURE, {}, []],
    [
      'a blank form is not a consent',
      { ...PROCEDURE, told: null, capacity: null, capacityStatement: null, takerCompetence: null },
      {},
      [
        'told.indication',
        'told.risks',
        'told.options',
        'told.options.isDoingNothing',
        'capacity',
        'takerCompetence',
      ],
    ],
    [
      'imaging, where the clinic asks',
      { ...PLAIN, told: TOLD },
      { needsDiscussion: true },
      ['capacity', 'takerCompetence'],
    ],
    ['no risk', { ...PROCEDURE, told: { ...TOLD, risks: [] } }, {}, ['told.risks']],
    [
      'no word of doing nothing',
      { ...PROCEDURE, told: { ...TOLD, options: [{ option: 'Physiotherapy', isDoingNothing: false }] } },
      {},
      ['told.options.isDoingNothing'],
    ],
    [
      'nothing but doing nothing',
      { ...PROCEDURE, told: { ...TOLD, options: [{ option: 'Wait', isDoingNothing: true }] } },
      {},
      ['told.options'],
    ],
    [
      'training of a delegate',
      { ...PROCEDURE, takerCompetence: 'TRAINED_AND_DELEGATED' },
      {},
      ['takerTraining'],
    ],
    [
      'evidence of a best-interests decision',
      { ...PLAIN, ...FOR_THEM, giverEvidence: null },
      {},
      ['giverEvidence'],
    ],
    ['evidence of an attorney', { ...PLAIN, givenBy: 'ATTORNEY', giverName: 'A' }, {}, ['giverEvidence']],
    ['a document will do', { ...PLAIN, ...FOR_THEM, giverEvidence: null, giverDocumentIds: ['d'] }, {}, []],
    ['evidence of the decision', PROCEDURE, { needsEvidence: true }, ['evidence']],
    ['a signature will do', { ...PROCEDURE, signatureDocumentId: 'd' }, { needsEvidence: true }, []],
    ['a form will do', { ...PROCEDURE, formId: 'web-3' }, { needsEvidence: true }, []],
    ['a "no" needs nothing', { ...PROCEDURE, decision: 'DECLINED', told: null }, { needsEvidence: true }, []],
  ])('%s', (_, entry, rules, missing) => {
    expect(missingAnswers(entry, { ...POLICY, ...rules })).toEqual(missing);
  });

  it('has a stage when it is of a procedure or will be confirmed', () => {
    expect(stageOf(PROCEDURE, null)).toBe('DISCUSSED');
    expect(stageOf(PLAIN, null)).toBeNull();
    expect(stageOf(PLAIN, { ...POLICY, confirmation: 'AFTER_DAYS', confirmAfterDays: 3 })).toBe('DISCUSSED');
    expect(stageOf({ ...PROCEDURE, decision: 'DECLINED' }, null)).toBeNull();
  });

  it('names each document once', () => {
    expect(documentsOf({ giverDocumentIds: ['a', 'b'], documentId: 'b', signatureDocumentId: null })).toEqual(
      ['a', 'b'],
    );
  });
});

describe('who may decide, by age on the day', () => {
  const born = Temporal.PlainDate.from('2010-03-02');
  const dayBefore = (years: number) => born.add({ years }).subtract({ days: 1 });
  const birthday = (years: number) => born.add({ years });
  it.each<[string, ConsentEntry, Temporal.PlainDate, boolean]>([
    ['a parent to the day before 18', { ...PROCEDURE, givenBy: 'PARENT' }, dayBefore(18), true],
    ['a parent on the 18th birthday', { ...PROCEDURE, givenBy: 'PARENT' }, birthday(18), false],
    ['an attorney on the day before 16', { ...PROCEDURE, givenBy: 'ATTORNEY' }, dayBefore(16), false],
    ['an attorney from 16', { ...PROCEDURE, givenBy: 'ATTORNEY' }, birthday(16), true],
    ['best interests on the day before 16', { ...PROCEDURE, ...FOR_THEM }, dayBefore(16), false],
    ['a child not said to be competent', PROCEDURE, dayBefore(16), false],
    ['a competent child', { ...PROCEDURE, capacity: 'COMPETENT_CHILD' }, dayBefore(16), true],
    ['nobody is a competent child at 16', { ...PROCEDURE, capacity: 'COMPETENT_CHILD' }, birthday(16), false],
    ['a patient of 16', PROCEDURE, birthday(16), true],
    ['a child where capacity is not asked', PLAIN, dayBefore(12), true],
    ['a "no" from anybody', { ...PROCEDURE, decision: 'DECLINED', givenBy: 'PARENT' }, birthday(40), true],
  ])('%s', (_, entry, day, may) => {
    expect(canDecide(entry, { born, day }, POLICY)?.code).toBe(may ? undefined : 'GiverMayNotDecide');
  });
});
