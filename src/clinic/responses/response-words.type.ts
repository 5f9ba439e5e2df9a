import { registerEnumType } from '@nestjs/graphql';
import {
  DiaryEntryStatus,
  DiaryJudging,
  DiaryPoint,
  DiaryPurpose,
  DiaryTiming,
  PartialFollowUp,
  ProposalStatus,
  ResponseFollowUp,
  ResponseVerdict,
} from '../../platform/database/generated/enums.js';

/** What fits on a screen. */
export const REASON_CHARACTERS_MAX = 2_000;
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };

/** What a pain source is known to be. */
export enum PainSourceStatus {
  SUSPECTED = 'SUSPECTED',
  CONFIRMED = 'CONFIRMED',
  EXCLUDED = 'EXCLUDED',
  UNTESTED = 'UNTESTED',
}

/** What responses are grouped by. */
export enum LearningDimension {
  STRUCTURE = 'STRUCTURE',
  UPTAKE = 'UPTAKE',
  LEVEL = 'LEVEL',
  OPERATOR = 'OPERATOR',
  AGENT = 'AGENT',
}

registerEnumType(PainSourceStatus, {
  name: 'PainSourceStatus',
  description: 'What is known of a structure that may be the source of pain.',
  valuesMap: {
    SUSPECTED: { description: 'A finding points at it, or a block of it told too little.' },
    CONFIRMED: { description: 'The latest block of it that told anything brought relief.' },
    EXCLUDED: { description: 'The latest block of it that told anything brought none.' },
    UNTESTED: { description: 'It was named, but nothing points at it and nothing was tried.' },
  },
});

registerEnumType(LearningDimension, {
  name: 'LearningDimension',
  description: 'What responses are grouped by.',
  valuesMap: {
    STRUCTURE: { description: 'The structure that was blocked.' },
    UPTAKE: { description: 'The uptake there on the last final report before the block.' },
    LEVEL: { description: 'The level.' },
    OPERATOR: { description: 'Who held the needle.' },
    AGENT: { description: 'What was given; a block with two drugs counts for both.' },
  },
});

registerEnumType(DiaryPoint, {
  name: 'DiaryPoint',
  description:
    'When a patient is asked. Minutes and hours pass as time does; weeks and months are the calendar’s, by the clinic’s clock.',
  valuesMap: {
    BEFORE: { description: 'Before the treatment, at most 7 days.' },
    M30: { description: '30 minutes after it.' },
    H4: { description: '4 hours after it.' },
    H24: { description: '24 hours after it, also where the clock changes.' },
    W1: { description: '7 days after it.' },
    MO1: { description: 'A month after it.' },
    MO3: { description: 'Three months after it.' },
    MO6: { description: 'Six months after it.' },
  },
});

registerEnumType(DiaryPurpose, {
  name: 'DiaryPurpose',
  description: 'What a response to a treatment of a kind is good for.',
  valuesMap: {
    DIAGNOSTIC: { description: 'It says whether the place is the source of the pain.' },
    THERAPEUTIC: { description: 'It says whether it helped, and nothing of the source.' },
  },
});

registerEnumType(DiaryJudging, {
  name: 'DiaryJudging',
  description: 'Which of the figures that judge is held against the one before.',
  valuesMap: { BEST: { description: 'The lowest.' }, LAST: { description: 'The last.' } },
});

registerEnumType(DiaryEntryStatus, {
  name: 'DiaryEntryStatus',
  description: 'How a point of a diary stands.',
  valuesMap: {
    DUE: { description: 'To be asked, now or later.' },
    RECORDED: { description: 'There is a figure.' },
    MISSED: { description: 'There is none, with a reason. One that turns up can still be recorded.' },
  },
});

registerEnumType(DiaryTiming, {
  name: 'DiaryTiming',
  description: 'When a figure was taken, against its point.',
  valuesMap: {
    EARLY: { description: 'Earlier than the policy says.' },
    ON_TIME: { description: 'On time.' },
    LATE: { description: 'Later than the policy says.' },
  },
});

registerEnumType(ResponseVerdict, {
  name: 'ResponseVerdict',
  description: 'What a diary says of a treatment.',
  valuesMap: {
    POSITIVE: { description: 'Relief of at least so many per cent.' },
    NEGATIVE: { description: 'Relief of less than so many per cent.' },
    PARTIAL: { description: 'Something between.' },
    UNDEFINED: { description: 'Nobody can tell: no pain before, or a figure is missing.' },
  },
});

registerEnumType(PartialFollowUp, {
  name: 'PartialFollowUp',
  description: 'What a partial response leads to.',
  valuesMap: {
    REPEAT_BLOCK: {
      description:
        'The same block is proposed once more; after a second partial response, the team discusses it.',
    },
    BACK_TO_TEAM: { description: 'The team discusses it.' },
    TREAT_AS_NEGATIVE: { description: 'It counts as a negative one.' },
  },
});

registerEnumType(ResponseFollowUp, {
  name: 'ResponseFollowUp',
  description: 'What a judgement leads to.',
  valuesMap: {
    NONE: { description: 'Nothing by itself.' },
    PROPOSE_TREATMENT: { description: 'The next treatment is proposed.' },
    REPEAT_BLOCK: { description: 'The same block is proposed once more.' },
    BACK_TO_TEAM: { description: 'Back to the team, with the next candidate.' },
  },
});

registerEnumType(ProposalStatus, {
  name: 'ProposalStatus',
  description: 'What became of a proposal.',
  valuesMap: {
    OPEN: { description: 'Nobody has said yes or no.' },
    TAKEN: { description: 'The treatment was asked for.' },
    DECLINED: { description: 'A clinician said no, with a reason.' },
    WITHDRAWN: { description: 'A later judgement took it back.' },
  },
});
