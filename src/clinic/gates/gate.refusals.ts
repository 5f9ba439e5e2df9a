import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** How a gate is found when it is judged. */
export const GateState = {
  PASSED: 'PASSED',
  WAITING: 'WAITING',
  FAILED: 'FAILED',
  NOT_APPLICABLE: 'NOT_APPLICABLE',
} as const;
export type GateState = (typeof GateState)[keyof typeof GateState];

registerEnumType(GateState, {
  name: 'GateState',
  description: 'How a gate is found when it is judged.',
  valuesMap: {
    PASSED: { description: 'What it asks for is there.' },
    WAITING: { description: 'Not yet: somebody still has to do what it asks for.' },
    FAILED: { description: 'What is there says no.' },
    NOT_APPLICABLE: { description: 'It asks nothing of this patient or of this kind of visit.' },
  },
});

registerEnumType(GateCode, {
  name: 'GateCode',
  description:
    'What is asked before a radioactive injection and after it (IR(ME)R 2017), in the order in which the work is done. Each is a rule of its own.',
  valuesMap: {
    REFERRER_ENTITLED: { description: 'Whoever refers was entitled to on the day of the request.' },
    REQUEST_COMPLETE: { description: 'The request says all that the practitioner has to know.' },
    JUSTIFIED: { description: 'A practitioner has justified the exposure.' },
    AUTHORISED: { description: 'It was authorised, by the practitioner or under a guideline.' },
    EMPLOYER_LICENCE: {
      description: 'The employer is licensed for the procedure at the site, on the day of the injection.',
    },
    PRACTITIONER_LICENCE: {
      description: 'The practitioner who justified is licensed, on the day of the injection.',
    },
    CONSENT_IN_FORCE: { description: 'The patient’s consent holds at this moment.' },
    NO_RECENT_EXPOSURE: { description: 'No other scan of the patient was completed shortly before.' },
    IDENTITY_CHECKED: { description: 'Three points of identity agreed, on the day.' },
    PREGNANCY_ENQUIRED: { description: 'The patient was asked about pregnancy, on the day.' },
    BREAST_FEEDING_ENQUIRED: { description: 'The patient was asked about breast-feeding, on the day.' },
    SAFETY_CHECKED: { description: 'The safety checklist was gone through, on the day.' },
    OPERATOR_ENTITLED: { description: 'Whoever does the act is entitled to it.' },
    BATCH_VALID: { description: 'The tracer’s batch may be used at the moment of the injection.' },
    ACTIVITY_WITHIN_PROTOCOL: { description: 'The activity is what the protocol plans.' },
    UPTAKE_IN_WINDOW: { description: 'The images are taken within the protocol’s time after the injection.' },
    EVALUATED: { description: 'A clinical evaluation was signed.' },
    REPORT_ACKNOWLEDGED: { description: 'The referrer has acknowledged the report.' },
  },
});

registerEnumType(GateStage, {
  name: 'GateStage',
  description: 'Where a gate stands on the way of a scan.',
  valuesMap: {
    BOOKING: { description: 'Before a time is booked.' },
    PUBLICATION: { description: 'Before the scanner is offered the booking.' },
    ARRIVAL: { description: 'When the patient comes.' },
    INJECTION: { description: 'Before the tracer is injected.' },
    ACQUISITION: { description: 'Before images are taken.' },
    AFTERWARDS: { description: 'After the scan, until nothing is left to do.' },
  },
});

registerEnumType(GateStrictness, {
  name: 'GateStrictness',
  description: 'What a gate does when it is shut.',
  valuesMap: {
    HARD: { description: 'Nothing goes on. There is no way past it.' },
    ADVISORY: { description: 'It is shown; who goes on may be asked for a reason.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description:
    'A hard gate stands in the way. Nobody may go past it: the message says what has to be done instead.',
})
export class GateClosed extends Refusal {
  readonly code = 'GateClosed';

  @Field(() => GateCode, { description: 'Which gate.' })
  readonly gate: GateCode;

  @Field(() => GateStage, { description: 'Where it stands.' })
  readonly stage: GateStage;

  @Field(() => GateState, {
    description: 'WAITING: something is still to be done. FAILED: what is there says no.',
  })
  readonly state: GateState;

  @Field(() => String, { description: 'The reason in capitals, safe to branch on: LICENCE_NOT_HELD.' })
  readonly reasonCode: string;

  constructor(gate: {
    readonly code: GateCode;
    readonly stage: GateStage;
    readonly state: GateState;
    readonly reasonCode: string;
    readonly reason: string;
  }) {
    super(gate.reason);
    this.gate = gate.code;
    this.stage = gate.stage;
    this.state = gate.state;
    this.reasonCode = gate.reasonCode;
  }
}
