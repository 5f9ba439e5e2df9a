import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IncidentRegulator, IncidentStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { IdentifierKind } from './identifier.rules.js';

/** What can be done with an incident. */
export const IncidentAction = {
  ASSESS: 'ASSESS',
  NOTIFY: 'NOTIFY',
  CLOSE: 'CLOSE',
  REOPEN: 'REOPEN',
  NOTE: 'NOTE',
} as const;
export type IncidentAction = (typeof IncidentAction)[keyof typeof IncidentAction];

registerEnumType(IncidentAction, {
  name: 'IncidentAction',
  description: 'What can be done with an incident.',
  valuesMap: {
    ASSESS: { description: '`assessIncident`.' },
    NOTIFY: { description: '`recordNotification`.' },
    CLOSE: { description: '`closeIncident`.' },
    REOPEN: { description: '`reopenIncident`.' },
    NOTE: { description: '`addIncidentNote`.' },
  },
});

registerEnumType(IncidentStatus, {
  name: 'IncidentStatus',
  description: 'How an incident stands.',
  valuesMap: {
    RAISED: { description: 'Somebody has told of it; nobody has assessed it yet.' },
    ASSESSED: { description: 'It is known what it is.' },
    NOTIFIED: { description: 'Every regulator who has to hear of it was told.' },
    CLOSED: { description: 'What was learnt is written down, and what the person was told.' },
  },
});

registerEnumType(IdentifierKind, {
  name: 'IdentifierKind',
  description: 'By what a text gives a patient, or a member of staff, away.',
  valuesMap: {
    NAME: { description: 'A part of the name.' },
    DATE_OF_BIRTH: { description: 'The date of birth.' },
    NUMBER: {
      description: 'The NHS number, the clinic’s own number, the number of a scan or a telephone number.',
    },
    EMAIL: { description: 'An e-mail address.' },
    ADDRESS: { description: 'The postcode or a line of the address.' },
    STAFF_NAME: { description: 'The name of a member of staff.' },
  },
});

const IN_WORDS = {
  RAISED: 'has not been assessed yet',
  ASSESSED: 'has been assessed',
  NOTIFIED: 'has been told to a regulator',
  CLOSED: 'is closed',
} as const satisfies Record<IncidentStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'This cannot be done with the incident as it stands.',
})
export class IncidentStandsOtherwise extends Refusal {
  readonly code = 'IncidentStandsOtherwise';

  @Field(() => IncidentStatus, { description: 'How the incident stands.' })
  readonly status: IncidentStatus;

  @Field(() => [IncidentAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly IncidentAction[];

  constructor(status: IncidentStatus, allowedActions: readonly IncidentAction[]) {
    super(`This incident ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A regulator has to hear of the incident, and nobody has recorded that it did.',
})
export class NotificationMissing extends Refusal {
  readonly code = 'NotificationMissing';

  @Field(() => [IncidentRegulator], { description: 'Who has still to be told; none: any regulator.' })
  readonly regulators: readonly IncidentRegulator[];

  constructor(regulators: readonly IncidentRegulator[]) {
    const who = regulators.length === 0 ? 'A regulator' : regulators.join(' and ').replaceAll('_', ' ');
    const has = regulators.length > 1 ? 'have' : 'has';
    super(
      `${who} ${has} to hear of this incident first. Send the extract, record the notification, then close it.`,
    );
    this.regulators = regulators;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'What goes to a regulator would give a patient or a member of staff away.',
})
export class TextNamesPatient extends Refusal {
  readonly code = 'TextNamesPatient';

  @Field(() => [IdentifierKind], { description: 'By what.' })
  readonly found: readonly IdentifierKind[];

  constructor(field: string, found: readonly IdentifierKind[]) {
    const words = found.map((kind) => kind.toLowerCase().replaceAll('_', ' ')).join(', ');
    super(
      `The ${field} would give somebody away by: ${words}. A regulator gets no identifiers of patients or staff: say it without them.`,
    );
    this.found = found;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The dose cannot be computed from the activity. Give it in mSv.',
})
export class DoseNotKnown extends Refusal {
  readonly code = 'DoseNotKnown';
}

@ObjectType({ implements: () => [Refusal], description: 'This notification is recorded already.' })
export class NotificationAlreadyRecorded extends Refusal {
  readonly code = 'NotificationAlreadyRecorded';

  constructor() {
    super('A notification to this regulator with this reference is recorded already.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for that day already. Rows are never rewritten.',
})
export class IncidentRuleAlreadySet extends Refusal {
  readonly code = 'IncidentRuleAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what held then stays as it was.',
})
export class IncidentRuleInThePast extends Refusal {
  readonly code = 'IncidentRuleInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}
