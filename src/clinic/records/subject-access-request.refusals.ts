import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { SubjectAccessStatus } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What can be done with a request for a copy. */
export const SubjectAccessAction = {
  PAUSE: 'PAUSE',
  RESUME: 'RESUME',
  EXTEND: 'EXTEND',
  PREPARE: 'PREPARE',
  WITHHOLD: 'WITHHOLD',
  REVIEW: 'REVIEW',
  ANSWER: 'ANSWER',
  REFUSE: 'REFUSE',
  WITHDRAW: 'WITHDRAW',
} as const;
export type SubjectAccessAction = (typeof SubjectAccessAction)[keyof typeof SubjectAccessAction];

registerEnumType(SubjectAccessAction, {
  name: 'SubjectAccessAction',
  description: 'What can be done with a request for a copy of a record.',
  valuesMap: {
    PAUSE: { description: '`pauseSubjectAccess`.' },
    RESUME: { description: '`resumeSubjectAccess`.' },
    EXTEND: { description: '`extendSubjectAccess`.' },
    PREPARE: { description: '`prepareSubjectAccessCopy`.' },
    WITHHOLD: { description: '`withholdFromCopy`.' },
    REVIEW: { description: '`reviewSubjectAccessCopy`.' },
    ANSWER: { description: '`answerSubjectAccess`.' },
    REFUSE: { description: '`refuseSubjectAccess`.' },
    WITHDRAW: { description: '`withdrawSubjectAccess`.' },
  },
});

registerEnumType(SubjectAccessStatus, {
  name: 'SubjectAccessStatus',
  description: 'How a request for a copy stands.',
  valuesMap: {
    OPEN: { description: 'The clock goes.' },
    PAUSED: { description: 'The clock stands: the clinic has to know first who asks, or what is meant.' },
    ANSWERED: { description: 'The copy was handed over.' },
    REFUSED: { description: 'Refused, with a reason that the person was told.' },
    WITHDRAWN: { description: 'The person wants it no more.' },
  },
});

/** Why a copy cannot be had. */
export const CopyTrouble = {
  PREPARING: 'PREPARING',
  EXPIRED: 'EXPIRED',
  NOT_REVIEWED: 'NOT_REVIEWED',
  CHANGED: 'CHANGED',
} as const;
export type CopyTrouble = (typeof CopyTrouble)[keyof typeof CopyTrouble];

registerEnumType(CopyTrouble, {
  name: 'CopyTrouble',
  description: 'Why a copy cannot be had.',
  valuesMap: {
    PREPARING: { description: 'It is being prepared.' },
    EXPIRED: { description: 'It has lain ready for its time and was removed.' },
    NOT_REVIEWED: { description: 'It may speak of other people, and nobody has looked at that yet.' },
    CHANGED: { description: 'It was prepared anew since it was looked at.' },
  },
});

const IN_WORDS = {
  OPEN: 'is open',
  PAUSED: 'is paused',
  ANSWERED: 'has been answered',
  REFUSED: 'has been refused',
  WITHDRAWN: 'has been withdrawn',
} as const satisfies Record<SubjectAccessStatus, string>;

const TROUBLE = {
  PREPARING: 'The copy is being prepared. Come again in a minute.',
  EXPIRED: 'The copy has lain ready for its time and was removed. Have it prepared anew.',
  NOT_REVIEWED:
    'The copy may speak of other people. Look at what is marked, withhold what has to be, and say that it was reviewed.',
  CHANGED: 'The copy was prepared anew since you looked at it. Look at it again.',
} as const satisfies Record<CopyTrouble, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'This cannot be done with the request as it stands.',
})
export class SubjectAccessStandsOtherwise extends Refusal {
  readonly code = 'SubjectAccessStandsOtherwise';

  @Field(() => SubjectAccessStatus, { description: 'How the request stands.' })
  readonly status: SubjectAccessStatus;

  @Field(() => [SubjectAccessAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly SubjectAccessAction[];

  constructor(status: SubjectAccessStatus, allowedActions: readonly SubjectAccessAction[]) {
    super(`This request ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Two months more have to be told within the first month, once (UK GDPR, Article 12(3)).',
})
export class ExtensionTooLate extends Refusal {
  readonly code = 'ExtensionTooLate';

  @Field(() => LocalDate, { description: 'The last day on which it could be told.' })
  readonly toldBy: string;

  constructor(toldBy: string, isExtended: boolean) {
    super(
      isExtended
        ? 'The time for this request has been extended already. It is extended once.'
        : `An extension has to be told within the first month, by ${toldBy}.`,
    );
    this.toldBy = toldBy;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The copy cannot be had as it stands.' })
export class CopyNotReady extends Refusal {
  readonly code = 'CopyNotReady';

  @Field(() => CopyTrouble, { description: 'Why.' })
  readonly trouble: CopyTrouble;

  constructor(trouble: CopyTrouble) {
    super(TROUBLE[trouble]);
    this.trouble = trouble;
  }
}
